"""Options of programs that are taken to read, compute, or do no more than they are known for.

A program's entry is first its letters as getopt has them, ``:`` behind one with a value and ``-`` for none; then long
options without their dashes; then words with a single dash as they are written. ``:`` behind either says that the
next word is its value. What is not here is not known. Sources: the manual pages of the programs named.
"""

from __future__ import annotations

#: Of every program: they tell and no more.
ALWAYS = "help version"
#: Of those that are taken to read and have no entry.
SHARED = "ahlnqvV1 all color colour human-readable json list no-color no-pager quiet silent verbose"

_GREP = """
    abcEFGhHiIlLnoPqrRsTUvVwxyzZA:B:C:e:f:m: color colour include: exclude: exclude-dir: recursive ignore-case count
    line-number only-matching invert-match word-regexp files-with-matches files-without-match extended-regexp
    fixed-strings perl-regexp no-filename with-filename regexp: max-count: after-context: before-context: context:
    null quiet silent no-messages text null-data
"""
_SUM = "bctwz check tag text binary quiet status strict ignore-missing zero warn"
_JQ = """
    rcjnseaCMS arg: argjson: args jsonargs raw-output compact-output null-input slurp exit-status sort-keys tab indent:
    color-output monochrome-output raw-input join-output stream ascii-output
"""

OPTIONS = {
    "cat": "AbeEnstTuv number number-nonblank show-all show-ends show-tabs squeeze-blank show-nonprinting",
    "head": "c:n:qvz bytes: lines: quiet silent verbose zero-terminated",
    "tail": "c:n:qvfFz bytes: lines: quiet silent verbose follow retry pid: sleep-interval: zero-terminated",
    "wc": "clmwL bytes chars lines words max-line-length total:",
    **dict.fromkeys(("grep", "egrep", "fgrep", "zgrep"), _GREP),
    "rg": """
        aceFilLnNoPqsSuUvwxA:B:C:e:g:m:t:T:r:. count files files-with-matches glob: hidden no-ignore type: type-not:
        ignore-case smart-case fixed-strings line-number no-line-number json stats sort: max-count: max-depth:
        word-regexp only-matching no-heading heading color multiline after-context: before-context: context:
    """,
    "sort": """
        bcCdfghiMmnrRsuVzk:o:t: key: field-separator: reverse unique numeric-sort general-numeric-sort
        human-numeric-sort version-sort month-sort ignore-case ignore-leading-blanks dictionary-order random-sort
        stable check output: zero-terminated parallel: debug
    """,
    "uniq": "cdDiuzf:s:w: count repeated unique ignore-case all-repeated group skip-fields: skip-chars:",
    "cut": "b:c:d:f:nsz bytes: characters: delimiter: fields: complement only-delimited output-delimiter:",
    "tr": "cCdst complement delete squeeze-repeats truncate-set1",
    "nl": "b:d:f:h:i:l:n:ps:v:w:",
    "tac": "brs: before regex separator:",
    "rev": "-",
    "diff": """
        abBcdeEiNnpqrstTuwyZC:I:U:W:x:F: brief recursive unified context side-by-side ignore-case ignore-all-space
        ignore-space-change ignore-blank-lines exclude: new-file report-identical-files color suppress-common-lines
        width: text minimal strip-trailing-cr
    """,
    "sdiff": "abBdEiIlstWw:",
    "cmp": "bi:ln:s print-bytes verbose bytes: quiet silent ignore-initial:",
    "comm": "123z nocheck-order check-order output-delimiter: total",
    "file": "0bEhiIkLnNprsSvzZ brief mime mime-type mime-encoding dereference extension",
    "stat": "c:f:FLlnqrstxt format: printf: dereference file-system terse",
    **dict.fromkeys(("md5sum", "sha1sum", "sha256sum", "sha512sum", "b2sum", "cksum"), _SUM),
    "sum": "rs",
    "xxd": "abc:eg:il:o:prs:u",
    "hexdump": "bcCdovxn:s:e:",
    "od": "abcdfilosxvA:j:N:S:t:w: endian: format: address-radix: skip-bytes: read-bytes: width",
    "strings": "afn:t:oe: bytes: radix: encoding:",
    **dict.fromkeys(("base64", "base32"), "dDiw: decode ignore-garbage wrap:"),
    "column": "tnexJLs:o:c:N:R:H:O:W:d table separator: output-separator: json table-columns: table-right: fillrows",
    "fold": "bsw: bytes spaces width:",
    "fmt": "cstuw:p:g: width: uniform-spacing split-only",
    "paste": "d:sz delimiters: serial",
    "join": "a:e:i1:2:j:o:t:v:z header ignore-case",
    **dict.fromkeys(("less", "more"), "eEFgGiIJmMnNqQrRsSuwWXxp: quit-if-one-screen chop-long-lines raw-control-chars"),
    "bat": "nppAl:r: plain number paging: style: language: line-range: color: theme: show-all",
    "jq": _JQ,
    "yq": "rCMPejno:p: output-format: input-format: prettyPrint unwrapScalar colors no-colors exit-status",
    "xmllint": "- xpath: format noout valid pretty: nonet recover html",
    "csvcut": "c:nd:C:x columns: names delimiter: not-columns:",
    **dict.fromkeys(("csvlook", "csvstat", "csvgrep", "csvsort"), "c:d:m:r:inv columns: delimiter: match: regex: mean"),
    **dict.fromkeys(("expand", "unexpand"), "ait: initial tabs: all first-only"),
    "numfmt": "d: field: from: to: format: suffix: padding: header grouping round: delimiter: invalid:",
    "shuf": "ei:n:o:rz echo input-range: head-count: output: repeat",
    "iconv": "f:t:lcso: from-code: to-code: list output:",
    "exiftool": "ags:SnjcXeErTqv -s -s2 -s3 -json -csv -time:all -common -G1 -ee -gps:all -DateTimeOriginal "
    "-CreateDate -ImageSize -Model -Make -GPSLatitude -GPSLongitude -GPSPosition",
    "ffprobe": "- hide_banner -v: -loglevel: -show_entries: -show_format -show_streams -of: -print_format: "
    "-select_streams: -hide_banner -i: -count_frames -show_chapters -pretty -sexagesimal",
    "identify": "- -format: -verbose -ping -quiet",
    "pdfinfo": "f:l: -box -meta -isodates -rawdates -f: -l:",
    "mediainfo": "f -f full output: inform:",
    "zipinfo": "12smlvhtTzC",
    **dict.fromkeys(("zcat", "bzcat", "xzcat"), "fv"),
    "pdfimages": "- -list -f: -l:",
    "readelf": "adehHlnrsSVWx:",
    "objdump": "adfhpstTxCDSrM:d",
    "nm": "aAgnPprSuCD",
    # what there is
    **dict.fromkeys(
        ("ls", "dir", "vdir", "ll", "la"),
        """
        aAbBcCdfFgGhHiIklLmnNopqQrRsStTuUvxXZ1I:w: all almost-all author escape block-size: ignore-backups color
        classify directory full-time group-directories-first no-group human-readable si dereference hide: hyperlink
        indicator-style: inode ignore: kibibytes literal reverse recursive size sort: time: time-style: width: zero
        """,
    ),
    "tree": "adfilxpsughDFQNqrtcUvACnXJL:P:I: noreport dirsfirst prune filelimit: du si gitignore timefmt: sort:",
    "du": "0abcdDhHkLlmsSxt:d:B:X: all apparent-size bytes total max-depth: human-readable si summarize "
    "one-file-system exclude: time block-size: threshold: separate-dirs dereference",
    "df": "ahHiklmPTt:x:B: all human-readable inodes local print-type portability type: exclude-type: output total si",
    **dict.fromkeys(("exa", "eza", "lsd"), "1aAbBdFghHilmnrRsStTuUxXL:I:D tree long all git icons level: sort: header"),
    "which": "as all",
    "type": "afpPt",
    "whereis": "bmsu",
    **dict.fromkeys(("cal", "ncal"), "13ymjhwbeJMnA:B:d:H:sS"),
    "uptime": "psV pretty since",
    "who": "aabdHlmpqrstTuw",
    "w": "fhisou",
    **dict.fromkeys(("last", "lastlog"), "aFiIn:Rwxu:t:s:p:b:"),
    "free": "bkmghwlts:c: human bytes kilo mega giga tebi wide si total seconds: count: lohi",
    "vmstat": "adfmnsStw",
    "iostat": "cdhkmNptxyz",
    "mpstat": "AuP:",
    "ps": "ABadeflFHjLmNTwxXyZcghrsuvC:o:O:p:P:q:t:u:U:g:G:s:k: sort: forest headers no-headers pid: ppid: user: "
    "format: cols: width:",
    "pgrep": "acdfilnovwxu:U:t:P:g:G:s:",
    "pidof": "cosqx",
    "pstree": "aAcghHlnNpsStTuUZ",
    "top": "bcHiSsn:d:p:u:o:l:w:",
    "lsof": "abCiKlnNOPRtUVXc:d:g:p:u:F:s:i:",
    "lscpu": "abceJpxy all extended online offline parse json",
    "lsblk": "aAbdDfiJlmnOpPrSstTzo:e:I: output: json bytes nodeps paths list fs tree all",
    "lsusb": "vts:d:D:V",
    "lspci": "vnbDkmtxs:d:q",
    "findmnt": "abcDfJlnoprRst:S:T:O:m json target: types: output: df",
    "lsb_release": "acdirsv all description short codename id release",
    "ifconfig": "as",
    "netstat": "aAcegilnoprstuvWM46",
    "ss": "aAeH4678ilmnoprstuwxMOQTzZbES0 tcp udp all listening numeric processes extended summary info no-header",
    "arp": "an",
    "route": "n46e",
    "iwgetid": "acmfprs raw scheme ap freq mode protocol channel",
    **dict.fromkeys(
        ("fd", "fdfind"),
        """
        HIuspg0alLFe:t:d:E:S:c: hidden no-ignore case-sensitive ignore-case glob absolute-path list-details follow
        full-path print0 type: extension: max-depth: min-depth: exclude: size: changed-within: changed-before: owner:
        max-results: color: base-directory: fixed-strings
    """,
    ),
    "realpath": "eLmPqsz canonicalize-existing canonicalize-missing relative-to: relative-base: no-symlinks strip",
    "readlink": "efmnqsvz canonicalize canonicalize-existing canonicalize-missing no-newline",
    "man": "kf1aw",
    "info": "-",
    "hash": "lrt",
    "history": "-",
    "sleep": "-",
    "tput": "T:",
    "stty": "a all",
    "locale": "akcm all-locales",
    **dict.fromkeys(("locate", "plocate", "mlocate"), "AbciHLl:n:PqrSs0ew limit: basename count ignore-case regex"),
    "dmesg": "HTekLrtuwxl:f: human ctime level: facility: color follow kernel reltime time-format: since: until:",
    "journalctl": """
        abefklmnqrxn:o:p:S:t:u:U:b:g:N:F: unit: user-unit: since: until: priority: no-pager follow lines: output: boot:
        reverse dmesg user system identifier: catalog grep: disk-usage list-boots no-hostname utc quiet all pager-end
    """,
    "xprop": "- -root -id: -name: -notype",
    "xwininfo": "- -root -id: -name: -tree -children -all -stats",
    "xdpyinfo": "- -display:",
    "glxinfo": "B -B",
    "upower": "edi:b enumerate dump show-info: battery",
    "dpkg-query": "W:lLs:S:f: show list showformat:",
    "apt-cache": "-",
    "pkg-config": "- modversion cflags libs exists list-all",
    "nvidia-smi": "Lqi:l:d: list-gpus query query-gpu: format: query-compute-apps: -q -L -i: -l:",
    "jobs": "lnprs",
    "times": "-",
    "wait": "fn",
    "shopt": "opqsu",
    "ulimit": "aHScdflmnstuv",
    "umask": "pS",
    "unset": "fvn",
    "getopt": "ao:l:n:qQs:u options: longoptions: name: alternative",
    "factor": "h",
    "mountpoint": "dqx",
    "figlet": "cf:klrtw:",
    "cowsay": "f:e:T:nW:bdgpstwy",
    "fortune": "aceflosiun:",
    "systemd-analyze": "- no-pager user system",
    "sw_vers": "- -productVersion -productName -buildVersion productVersion productName buildVersion",
    "getent": "-",
    "whatis": "-",
    "apropos": "ae",
}

#: What is looked at by those that read no file.
LOOKS = {
    **dict.fromkeys(("df", "lsblk", "findmnt", "blkid", "mountpoint"), "the disks and the room on them"),
    **dict.fromkeys(("ps", "pgrep", "pidof", "pstree", "top", "htop", "jobs"), "the programs that run"),
    **dict.fromkeys(("free", "vmstat", "uptime", "lscpu", "lspci", "lsusb", "sensors", "nvidia-smi"), "this computer"),
    **dict.fromkeys(("iostat", "mpstat", "lsmod", "lsmem", "lshw", "hwinfo", "inxi", "neofetch"), "this computer"),
    **dict.fromkeys(("uname", "arch", "nproc", "lsb_release", "sw_vers", "upower", "acpi"), "this computer"),
    **dict.fromkeys(("ss", "netstat", "ifconfig", "ip", "arp", "route", "iwconfig", "iwgetid"), "the network here"),
    **dict.fromkeys(("who", "w", "users", "last", "lastlog", "groups", "id", "whoami"), "who uses this computer"),
    **dict.fromkeys(("journalctl", "dmesg"), "the system's log"),
    **dict.fromkeys(("locate", "plocate", "mlocate", "mdfind", "which", "whereis"), "where files are"),
    **dict.fromkeys(("xprop", "xwininfo", "xdpyinfo", "xlsclients"), "the windows on the screen"),
    "lsof": "the files that are open",
    "git": "the repository here",
}
