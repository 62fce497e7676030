"""Where passwords stand: what is named like one, and where programs, files and protocols take them."""

from __future__ import annotations

import re

#: What is named like a secret.
NAME = (
    r"(?:passw(?:or)?d|passwort|kennwort|passphrase|(?<=[a-z_])(?<!old)pwd|(?<=;)pwd|secret(?!ar|: \d+ characters)|"
    r"(?<![a-z])(?:pass|pw|psk)(?![a-z])|token(?!iz|s\b)|credentials?|"
    r"(?:api|access|account|private|auth|sign(?:ing)?|encryption|master|shared)[ _-]?key|"
    r"contraseña|mot de passe|senha(?![a-z])|wachtwoord|passord|lösenord|heslo|hasło|"
    r"(?<![a-z])clave(?![a-z])|пароль|密码|パスワード)"
)
_ONE = rf"[\w:.-]{{0,40}}?{NAME}[\w:.-]{{0,24}}"
_QUOTED = r"[\"'](?P<secret>[^\"'\n]{1,256})[\"']"
_VALUE = r"(?P<q>[\"'])?(?P<secret>(?(q)[^\"'\n]{1,256}|[^\s\"'|;&<>]{1,256}))"
_ARGS = r"(?:[^\n|;&]{0,120}?\s)?"
_FIRST = r"\(\s{0,3}[\"'][^\"'\n]{0,128}[\"']\s{0,3},\s{0,3}"  # of several arguments

#: Each has a group ``secret``; what it leaves out of the match stays.
PLACES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # addresses and headers
        r"(?<=://)[^\s:/@\"'<>`]{0,128}:(?P<secret>[^\s/\"'<>`]{1,256})@",
        r"(?<=://)(?P<secret>[a-z0-9_-]{20,}+)@",
        r"\boracle:thin:[^/\s\"']{1,64}/(?P<secret>[^\s\"'/]{1,128})@",
        r"[?&](?:x-(?:amz|goog)-(?:signature|security-token)|sig|signature)=(?P<secret>[^&\s\"']{16,1024})",
        r"\bbearer\s{1,3}(?P<secret>(?=[a-z._~+/=-]*+\d)[a-z0-9._~+/=-]{16,}+)",
        r"\bauthorization\\?[\"']?\s{0,3}[:=,]\s{0,3}\\?[\"']?(?:basic|bearer|token|apikey|digest)\s{1,3}"
        r"(?P<secret>[a-z0-9._~+/=-]{4,}+)",
        r"(?<![a-z])(?:session|sess|sid|csrf|xsrf|[jp]\w{0,3}sess)[\w-]{0,16}(?:\\?[\"'])?\s{0,3}[=:]\s{0,3}(?:\\?[\"'])?"
        r"(?P<secret>(?!/)(?=[^\s\d]{0,64}\d)[^\s\"';,&()\[\]{}.<>$]{8,512})(?![\w(.\[])",
        r"(?<!\S)(?:-b|--cookie)[\s=]{1,3}[\"']?[\w.-]{1,64}=(?P<secret>[^\s\"';]{1,512})",
        # calls
        rf"(?:\bauth\s{{0,3}}=\s{{0,3}}|\.login|(?:basic|digest)auth){_FIRST}{_QUOTED}",
        rf"(?:\.connect|\bftp(?:_tls)?){_FIRST}[\"'][^\"'\n]{{1,64}}[\"']\s{{0,3}},\s{{0,3}}{_QUOTED}",
        r"\bmysql\w{0,9}[\"'],[^\n\])]{0,120}?[\"']-p(?P<secret>[^\"'\n]{1,256})",
        rf"\bsudo[\"'],[^\n]{{0,160}}?\binput\s{{0,3}}=\s{{0,3}}b?{_QUOTED}",
        rf"\bset_password{_FIRST}[^,\n]{{1,64}},\s{{0,3}}{_QUOTED}",
        rf"(?:env|variable|setdefault|define|\.[gs]et)\(\s{{0,3}}[\"']{_ONE}[\"']\s{{0,3}},\s{{0,3}}{_QUOTED}",
        rf"\bsecurestring\s{{1,3}}(?:-string\s{{1,3}})?{_QUOTED}",
        rf"\b(?:const|let|var)\s{{1,3}}{_ONE}\s{{0,3}}=\s{{0,3}}`(?P<secret>[^`$]{{1,256}})`",
        # files and data
        rf"\b(?:password|identified\s{{1,3}}by)(?:\s{{1,3}}|\(){_QUOTED}",
        rf"\blogin\s{{1,8}}\S{{1,128}}\s{{1,8}}password\s{{1,8}}{_VALUE}",
        r":(?:\d{2,5}|\*):[^:\s\"']{1,64}:[^:\s\"']{1,64}:(?P<secret>[^\s\"']{1,256})[\"']?\s{0,3}>{1,2}\s{0,3}\S{0,64}pgpass",
        rf"<{_ONE}>(?P<secret>[^<>\n]{{1,256}})</",
        rf"\b(?:key|name)=[\"']{_ONE}[\"']\s{{1,3}}value={_QUOTED}",
        rf"{NAME}[\w-]{{0,24}}:\s{{0,3}}[|>][+-]?\n\s{{1,16}}(?P<secret>[^\n]{{1,512}})",
        r"\bprivate-lines: \d{1,3}\s{1,2}(?P<secret>[a-z0-9+/=\n]{1,4096}+)",
        r"\b(?:seed|recovery|mnemonic)\s?(?:phrase|words)?[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
        r"(?P<secret>(?:[a-z]{3,8}\s{1,3}){11,23}[a-z]{3,8})",
        r"\bPIN(?:[ -]?(?:code|nummer))?(?:\s{0,3}[:=]|\s(?:is|ist))\s{0,3}(?P<secret>\d{4,8})\b",
        # the environment
        rf"\b(?:set\s{{1,3}}-\w{{1,4}}|setenv|setx|env|config\w{{0,4}}\s{{1,3}}set)\s{{1,3}}{_ONE}[ \t]{{1,3}}{_VALUE}",
        # programs
        r"(?<!\S)(?:-u|--user|--proxy-user)[\s=]{1,3}[\"']?[^\s:\"']{1,64}:(?P<secret>[^\s\"']{1,256})",
        rf"\b(?:mysql\w{{0,9}}|mariadb[\w-]{{0,9}}|7z\w?|rar)\s{_ARGS}-h?p{_VALUE}",
        rf"\b(?:docker|podman)\slogin\s{_ARGS}-p\s{{1,3}}{_VALUE}",
        rf"\b(?:un)?zip\s{_ARGS}-(?-i:P)\s{{1,3}}{_VALUE}",
        rf"\b(?:(?:rdesktop|mongo\w{{0,8}}|sqlcmd|useradd|usermod)\s{_ARGS}-p|ldap\w{{1,10}}\s{_ARGS}-w|redis-cli\s{_ARGS}-a"
        rf"|security\s{_ARGS}-w|openssl\s{_ARGS}-k|sshpass\s{{1,3}}-p)\s{{0,3}}(?<=\s|p){_VALUE}",
        rf"\b(?:smb\w{{1,10}}|rpcclient)\s{_ARGS}-U\s{{0,3}}[\"']?[^\s%\"']{{1,64}}%(?P<secret>[^\s\"']{{1,256}})",
        rf"freerdp\S{{0,4}}\s{_ARGS}/p:{_VALUE}",
        rf"\bhtpasswd\s{{1,3}}-\w{{0,6}}b\w{{0,6}}\s{{1,3}}\S{{1,128}}\s{{1,3}}\S{{1,64}}\s{{1,3}}{_VALUE}",
        rf"\b(?:wpa_passphrase|net\suser|dscl\s\S{{1,64}}\s-passwd)\s{{1,3}}(?:\"[^\"\n]{{1,64}}\"|\S{{1,64}})\s{{1,3}}(?!/){_VALUE}",
        rf"\bwifi\s{_ARGS}password\s{{1,3}}{_VALUE}",
        r"\boathtool\s[^\n|;&]{0,80}?(?P<secret>[A-Z2-7]{16,128})",
        # what a program reads of a pipe
        r"\bchpasswd\s{0,3}<<<\s{0,3}[\"']?[^\s:\"']{1,64}:(?P<secret>[^\s\"']{1,256})",
        r"\becho\s{1,3}[\"']?[^\s:\"'|]{1,64}:(?P<secret>[^\s\"'|]{1,256})[\"']?\s{0,3}\|\s{0,3}(?:sudo\s)?chpasswd\b",
        rf"\b(?:echo|printf)\s{{1,3}}(?:-\w{{1,3}}\s{{1,3}}|[\"'][^\"'\n|]{{0,8}}%s[^\"'\n|]{{0,8}}[\"']\s{{1,3}}){{0,2}}{_VALUE}"
        r"[\"']?\s{0,3}\|\s{0,3}(?:sudo\s[^|\n]{0,40}(?:-\w{0,3}(?-i:S)|--stdin)\b|su\s|gh\sauth\b|(?:docker|podman|helm)\s[^|\n]{0,60}?login\b"
        r"|(?:sudo\s)?passwd\b|(?:sudo\s)?cryptsetup\b|kinit\b|gpg\s[^|\n]{0,80}?passphrase-fd)",
        rf"\bsudo\s[^|\n]{{0,40}}?(?:-\w{{0,3}}(?-i:S)|--stdin)\b[^|\n]{{0,80}}<<<\s{{0,3}}{_VALUE}",
    )
)
