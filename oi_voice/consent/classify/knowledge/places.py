"""Places that are more than files: what starts by itself, the system's own, secrets.

Names are below the home folder where they do not begin with a slash; one that ends with a slash is a folder with all
that is in it. Sources: bash(1), zsh(1), ssh(1), systemd.unit(5), the XDG autostart and desktop-entry specifications,
Apple's launchd.plist(5), Microsoft's about_Profiles, and the documentation of the programs named.
"""

from __future__ import annotations

import re

#: Read by a shell, a session or a tool of the person's without being asked.
STARTUP = tuple(
    """
.bashrc .bash_profile .bash_login .bash_logout .bash_aliases .profile .inputrc .zshrc .zshenv .zprofile .zlogin .zlogout
.kshrc .cshrc .tcshrc .login .xinitrc .xsession .xsessionrc .xprofile .Xresources .pam_environment .xbindkeysrc
.ssh/ .config/autostart/ .config/systemd/ .config/fish/ .config/environment.d/ .config/plasma-workspace/
.config/upstart/
.config/openbox/ .config/i3/ .config/sway/ .config/hypr/ .config/git/ .gitconfig .local/bin/ bin/ .local/share/systemd/
.local/share/applications/ .local/share/dbus-1/ .local/lib/ .vimrc .vim/ .config/nvim/ .emacs .emacs.d/ .tmux.conf
.ipython/ .jupyter/ .pythonrc .pypirc .config/pip/ .pip/ .npmrc .Rprofile .irbrc .mozilla/native-messaging-hosts/
.config/Code/User/ Library/LaunchAgents/ Library/LaunchDaemons/ Library/StartupItems/ Library/Preferences/
.config/powershell/ Documents/PowerShell/ Documents/WindowsPowerShell/ .crontab .at.allow .direnvrc
AppData/Roaming/Microsoft/Windows/Start\\ Menu/Programs/Startup/
""".replace("\\ ", "\0").split()
)

#: Anywhere: names of files that a tool runs by itself when it comes by.
STARTUP_NAMES = (
    "sitecustomize.py",
    "usercustomize.py",
    ".envrc",
    ".gitmodules",
    ".gitattributes",
    ".gitconfig",
    ".npmrc",
    ".netrc",
    ".vimrc",
    ".exrc",
    ".bashrc",
    ".profile",
    "*.pth",
    "*.desktop",
    "*.service",
    "*.timer",
    "*.plist",
)

#: Anywhere: folders whose files are run by themselves.
STARTUP_FOLDERS = (
    ".git/hooks",
    ".husky",
    ".vscode",
    "site-packages",
    "dist-packages",
    "Start Menu/Programs/Startup",
    "LaunchAgents",
)

#: Anywhere: files that name programs which a tool runs.
STARTUP_ENDS = ("/.git/config", "/.git/config.worktree", "/.cargo/config.toml", "/.ssh/config", "/git/config")

#: The system's own files; below / and C:/.
SYSTEM = (
    *("/etc", "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/boot", "/dev", "/proc", "/sys", "/root"),
    *("/var/spool/cron", "/var/lib", "/System", "/Library", "/Applications", "/private/etc", "/private/var/db"),
    *("C:/Windows", "C:/Program Files", "C:/Program Files (x86)", "C:/ProgramData"),
)

#: Devices that take whatever is written to them, and keep nothing.
SINKS = ("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/zero", "/dev/full", "/dev/fd/1", "/dev/fd/2")

#: Devices that give and hold nothing.
SOURCES = ("/dev/random", "/dev/urandom", "/dev/stdin", "/dev/fd/0")

#: Keys and passwords, below the home folder.
SECRETS = tuple(
    """
.ssh/id_* .ssh/*.pem .ssh/*.key .ssh/*_rsa .ssh/*_ed25519 .gnupg/ .aws/credentials .azure/ .config/gcloud/ .kube/config
.docker/config.json .netrc .pgpass .my.cnf .git-credentials .config/git/credentials .pypirc .npmrc .config/gh/hosts.yml
.password-store/ .local/share/keyrings/ .local/share/kwalletd/ .mozilla/firefox/ .config/google-chrome/
.config/chromium/ .config/BraveSoftware/ .thunderbird/ .config/Bitwarden/ .config/keepassxc/ .electrum/ .bitcoin/
.ethereum/ .config/op/ .bash_history .zsh_history .python_history Library/Keychains/ Library/Cookies/
Library/Application\\ Support/Google/Chrome/ Library/Application\\ Support/Firefox/
.config/rclone/ .terraform.d/ .terraformrc .vault-token .cargo/credentials .cargo/credentials.toml .gem/credentials
.huggingface/ .cache/huggingface/token .cache/huggingface/stored_tokens .Xauthority .ICEauthority .s3cfg .boto
.config/Code/User/globalStorage/ .config/sops/ .config/age/ .config/doctl/ .config/hub .config/glab-cli/ .config/heroku/
.config/msedge/ .config/microsoft-edge/ .config/vivaldi/ .config/opera/ .mozilla/ .librewolf/ .zen/ .local/share/pki/
.pki/ .local/share/remmina/ .config/remmina/ .config/monero-project/ .config/solana/ .wallet/ .electrum-ltc/ .litecoin/
.dogecoin/ .monero/ .gitlab-token .config/pypoetry/auth.toml .m2/settings-security.xml .putty/ .config/filezilla/
.local/share/keepassxc/ snap/firefox/ snap/chromium/ .var/app/org.mozilla.firefox/ .var/app/com.google.Chrome/
.subversion/auth/ .mysql_history .psql_history .node_repl_history .config/wireguard/ .irssi/config .aws/sso/ .aws/cli/
""".replace("\\ ", "\0").split()
)

#: Keys and passwords of the system and of all who use it, below the root.
SECRETS_OF_ALL = tuple(
    """
run/secrets/ var/run/secrets/ run/credentials/ run/user/*/keyring/* etc/ssl/private/ etc/ssh/ssh_host_*_key
etc/NetworkManager/system-connections/ etc/wpa_supplicant/ etc/wpa_supplicant.conf etc/krb5.keytab etc/wireguard/
etc/openvpn/ etc/ppp/chap-secrets etc/ppp/pap-secrets etc/letsencrypt/ etc/pki/private/ etc/pki/tls/private/
etc/sssd/sssd.conf etc/ldap.secret etc/opasswd etc/security/opasswd var/lib/iwd/ var/lib/bluetooth/ var/lib/sss/
etc/kubernetes/ var/lib/kubelet/ var/lib/docker/ var/db/dslocal/ Library/Keychains/ proc/kcore proc/kmsg proc/keys
dev/mem dev/kmem dev/port Library/Application\\ Support/com.apple.TCC/
""".replace("\\ ", "\0").split()
)

#: Devices that hold all files at once, or tell what is typed and shown; and what is in another process. Sources:
#: proc(5) and the kernel's list of devices.
TELLING = re.compile(
    r"/dev/(?!shm/|fd/)[^/]*[*?[]|/dev/(?:input/|hidraw|usbmon|uinput|vcs|fb\d|tty\d|pts/\d|console|disk/|block/|mapper/.|dm-\d|[shv]d[a-z]|xvd|nvme\d"
    r"|mmcblk|r?disk\d|loop\d|md\d|nbd|sg\d|zd\d|zram|ram\d|bcache|drbd|pmem|mtd)"
    r"|/proc/(?:[^/]+/(?:task/[^/]+/)?(?:mem|environ|(?:map_files|root|cwd)/.)"
    r"|(?!self/|thread-self/)[^/]+/(?:task/[^/]+/)?fd/.)|\\\\[.?]\\"
)

#: Anywhere: names of files that hold keys and passwords.
SECRET_NAMES = (
    *(".env", ".env.*", "*.pem", "*.key", "*.pfx", "*.p12", "*.kdbx", "*.keychain-db", "id_rsa", "id_ed25519"),
    *(
        "id_ecdsa",
        "id_dsa",
        "shadow",
        "gshadow",
        "credentials.json",
        "secrets.json",
        "secrets.y*ml",
        ".htpasswd",
        "environ",
    ),
    *("wallet.dat", "cookies.sqlite", "logins.json", "key4.db", "Login Data", "passwords.*", "*password*.txt"),
)
