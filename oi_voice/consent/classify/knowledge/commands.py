"""Commands of the shell that are understood, by what they do.

Sources: the manual pages of GNU coreutils, findutils, util-linux, procps, bash(1), and of the programs named.
"""

from __future__ import annotations

from oi_voice.consent.classify.knowledge import names_in

#: Print what is in the files they are given, or what comes in; an option in ``ACTING`` does more.
READERS = names_in(
    """
    cat head tail wc grep egrep fgrep rg zgrep sort uniq cut tr nl tac rev diff cmp comm file stat md5sum
    sha1sum sha256sum sha512sum cksum b2sum sum xxd hexdump od strings base64 base32 column fold fmt paste join
    zcat bzcat xzcat less more bat jq yq xmllint csvcut csvlook csvstat csvgrep csvsort look expand unexpand
    numfmt shuf pr iconv exiftool ffprobe identify pdfinfo pdffonts pdfimages mediainfo soxi zipinfo readelf
    objdump nm size tsort ptx colordiff sdiff wdiff hexyl glow mdcat
    """
)

#: Print what there is, and read no file's content.
LOOKERS = names_in(
    """
    vdir l tree du df exa eza lsd which type whereis cal ncal uptime groups users w who last lastlog free vmstat
    iostat mpstat ps pgrep pidof pstree top htop lsof lscpu lsblk lsusb lspci lsmod lsmem lshw hwinfo inxi
    neofetch fastfetch screenfetch dmidecode sensors acpi blkid findmnt getconf getent locale lsb_release
    ifconfig netstat ss arp route iwconfig iwgetid true false [ [[ : sleep yes dc factor realpath readlink
    man info help apropos whatis tput clear reset tty stty logname hostid wait jobs hash history times dirs
    locate plocate mlocate dmesg journalctl xdpyinfo xwininfo xprop xlsclients fc-list fc-match glxinfo vainfo
    upower getopt caller dpkg-query apt-cache rpm-query sw_vers system_profiler mdfind
    mdls vm_stat ioreg pkg-config nvidia-smi tldr figlet cowsay lolcat banner fortune sl toilet units pathchk
    mountpoint shift return exit break continue ulimit umask shopt
    fd fdfind getfacl lsattr namei lslocks lsipc lsns lslogins systemd-analyze
    """
)

#: Options of the two above that do more than print; of a word with ``=`` the part before it counts.
ACTING = {
    "sort": ("--compress-program",),
    "rg": ("--pre", "--hostname-bin"),
    "date": ("-s", "--set"),
    "dmesg": ("-C", "--clear", "-c", "--read-clear", "-D", "-E", "-n"),
    "journalctl": ("--vacuum-size", "--vacuum-time", "--vacuum-files", "--rotate", "--flush", "--sync", "--setup-keys"),
    "tree": ("-o", "--output"),
    "yq": ("-i", "--inplace", "--in-place", "-s"),
    "man": ("-P", "--pager", "-H", "--html"),
    "exiftool": ("-overwrite_original", "-o", "-delete_original", "-restore_original", "-execute", "-all"),
    "pdfimages": ("-j", "-png", "-all", "-tiff"),
    "less": ("-o", "-O", "-k", "--log-file", "--lesskey-file"),
    "xxd": ("-r",),
    "file": ("-C", "--compile"),
    "history": ("-c", "-d", "-w", "-a", "-r"),
    "xmllint": ("--output", "-o", "--shell"),
    "iconv": ("-o", "--output"),
    "bat": ("--pager",),
    "ifconfig": ("up", "down", "add", "del", "netmask"),
    "route": ("add", "del"),
    "arp": ("-d", "-s"),
    "hash": ("-p",),
    "nvidia-smi": ("-pm", "-pl", "-r", "--gpu-reset", "-mig", "-c"),
}

#: Run the command that follows them, after options of their own; with a value those that are listed.
WRAPPERS: dict[str, tuple[str, ...]] = {
    "time": ("-o", "-f"),
    "nice": ("-n",),
    "ionice": ("-c", "-n"),
    "nohup": (),
    "stdbuf": ("-i", "-o", "-e"),
    "setsid": (),
    "timeout": ("-s", "-k", "--signal", "--kill-after"),
    "watch": ("-n", "--interval"),
    "command": (),
    "builtin": (),
    "coproc": (),
    "exec": ("-a",),
    "chronic": (),
    "unbuffer": (),
    "caffeinate": ("-t",),
    "env": ("-u", "-C", "-S"),
    "xvfb-run": ("-s", "-n"),
    "busybox": (),
    "systemd-run": ("-p", "-u", "--unit", "-M", "-H"),
}

#: Become someone else, and then run what follows.
ADMINS: dict[str, tuple[str, ...]] = {
    "sudo": ("-u", "-g", "-U", "-h", "-p", "-C", "-r", "-t", "-T", "-D", "-R"),
    "doas": ("-u", "-C"),
    "pkexec": ("--user",),
    "gksudo": (),
    "runuser": ("-u",),
    "su": (),
}

SHELLS = names_in("sh bash dash zsh ksh ash fish rbash")
INTERPRETERS = {
    **dict.fromkeys(("python", "python2", "python3", "ipython", "pypy", "pypy3", "python3.11", "python3.12"), "python"),
    **dict.fromkeys(("node", "nodejs", "deno", "bun"), "javascript"),
    **dict.fromkeys(("ruby", "irb"), "ruby"),
    **dict.fromkeys(("Rscript", "R", "r"), "r"),
    **dict.fromkeys(("pwsh", "powershell", "powershell.exe"), "powershell"),
    **dict.fromkeys(("perl", "php", "lua", "tclsh", "osascript", "java", "expect"), ""),
}
#: The option after which an interpreter takes code.
CODE = {"python": "-c", "javascript": "-e", "ruby": "-e", "r": "-e", "powershell": "-Command", "": "-e"}


BROWSERS = names_in("firefox chromium chromium-browser google-chrome brave-browser microsoft-edge")

#: Programs that show a document or themselves, and are left to the person.
OPENERS = names_in(
    """
    xdg-open open start gio gedit kate nano vim vi emacs code subl mousepad leafpad firefox chromium
    chromium-browser google-chrome nautilus thunar dolphin pcmanfm gnome-terminal xterm konsole evince okular
    eog feh vlc mpv libreoffice gnome-calculator kcalc galculator xcalc gimp inkscape audacity thunderbird
    explorer notepad
    """
)

#: What makes a sound, a notice or a picture of the screen, or locks it: over at once.
PASSING = names_in(
    """
    notify-send say spd-say espeak espeak-ng paplay aplay play mpg123 ffplay zenity xmessage kdialog
    terminal-notifier playerctl amixer pactl pamixer wpctl xset brightnessctl xbacklight light setxkbmap beep
    screensaver gnome-screensaver-command xdg-screensaver i3lock wmctrl
    """
)

#: End processes, sessions or the machine.
ENDERS = names_in(
    """
    kill pkill killall xkill skill shutdown reboot poweroff halt logout gnome-session-quit init telinit
    """
)

#: Write to disks or to the system's own tables; nothing of them is taken back.
BREAKERS = names_in(
    """
    mkfs mkfs.ext4 mkfs.ext3 mkfs.vfat mkfs.ntfs mkfs.xfs mkfs.btrfs mke2fs mkswap fdisk sfdisk cfdisk gdisk
    sgdisk parted wipefs blkdiscard hdparm badblocks shred srm wipe format diskutil fsck e2fsck tune2fs
    resize2fs lvremove vgremove pvremove cryptsetup mdadm zpool zfs userdel groupdel useradd adduser usermod
    passwd chpasswd chsh visudo iptables ip6tables nft ufw firewall-cmd sysctl modprobe insmod rmmod
    grub-install update-grub efibootmgr mount umount swapoff swapon losetup chroot setcap setfacl chattr
    update-alternatives update-rc.d chkconfig launchctl schtasks reg bcdedit spctl csrutil nvram at batch
    crontab
    """
)

#: Are there to send.
SENDERS = names_in(
    """
    nc ncat netcat telnet socat ftp sftp scp ssh mail mailx mutt sendmail msmtp swaks tftp rclone aws gsutil
    gcloud az s3cmd heroku vercel netlify gh glab twine wormhole croc magic-wormhole ngrok cloudflared lftp rcp
    rlogin
    """
)

#: Those of them that always send to the same.
SERVICES = {
    "gh": "github.com",
    "glab": "gitlab.com",
    "aws": "Amazon's cloud",
    "gsutil": "Google's cloud",
    "gcloud": "Google's cloud",
    "az": "Microsoft's cloud",
    "rclone": "a cloud of yours",
    "mutt": "a mail's receivers",
    "sendmail": "a mail's receivers",
}

#: Ask a host something and tell it nothing but its name.
ASKERS = names_in("ping ping6 dig nslookup host whois traceroute tracepath mtr fping")

#: Convert documents, pictures and sound: the last name, or the one after the option, is written.
CONVERTERS = {
    **dict.fromkeys(
        ("convert", "magick", "montage", "composite", "wkhtmltopdf", "gs", "heif-convert", "pdfunite", "ocrmypdf"), ""
    ),
    **dict.fromkeys(("pandoc", "rsvg-convert", "inkscape-export", "img2pdf", "cwebp", "dwebp"), "-o"),
}

#: Settings of the desktop: words that only tell.
SETTERS = {
    "gsettings": "get list-keys list-schemas list-recursively range describe",
    "dconf": "read list dump",
    "xdg-settings": "get check",
    "xdg-mime": "query",
    "defaults": "read read-type domains find",
    "timedatectl": "status show list-timezones timesync-status",
    "hostnamectl": "status",
    "localectl": "status list-locales list-keymaps",
    "loginctl": "list-sessions list-users session-status show-session",
    "nmcli": "",
    "bluetoothctl": "devices show info list paired-devices",
    "rfkill": "list",
    "pmset": "-g",
    "scutil": "--get --dns --proxy",
    "networksetup": "-listallhardwareports -getinfo -getairportnetwork -listallnetworkservices",
    "lpstat": "-p -a -d -t -o -v -r -s",
    "lpoptions": "-l",
    "xrandr": "--query -q --listmonitors --current",
    "xinput": "list",
    "ip": "addr address a link route r neigh -br -4 -6 -c -o -brief",
    "iw": "dev list",
    "hostname": "-I -i -f -s -d -A",
    "crontab": "-l",
    "mount": "-l",
    "ufw": "status",
    "sysctl": "-n -a",
    "fdisk": "-l",
    "parted": "-l",
    "swapon": "--show -s",
    "lvs": "",
    "hdparm": "-I -i",
    "diskutil": "list info",
    "launchctl": "list print",
    "atq": "",
    "passwd": "-S",
}
