"""Variables of the environment that are more than values.

Sources: ld.so(8), bash(1), git(1), curl(1), the documentation of Python, Node.js, Ruby, R, Java, OpenSSL and Requests,
and of the clients of clouds and registries.
"""

from __future__ import annotations

import re

#: Say which programs and libraries are run, and where they are looked for.
STEERING = re.compile(
    r"(?:LD_|DYLD_|GIT_|BASH|PERL5|LUA_C?PATH|R_LIBS|GEM_|PYTHON(?:PATH|HOME|STARTUP|INSPECT|USERBASE|BREAKPOINT))"
    r"|(?:PATH|HOME|ENV|IFS|PS[0-4]|ZDOTDIR|EDITOR|VISUAL|\w*PAGER|BROWSER|LESSOPEN|PROMPT_COMMAND|SHELLOPTS|RUBYOPT|RUBYLIB"
    r"|R_(?:PROFILE|ENVIRON|HOME)(?:_USER)?|NODE_(?:OPTIONS|PATH)|CLASSPATH|_?J(?:AVA|DK)\w*_OPTIONS|GCONV_PATH|GTK\w*_MODULES"
    r"|GTK_PATH|GIO_EXTRA_MODULES|QT_\w*PLUGIN_PATH|DOTNET_STARTUP_HOOKS|BUNDLE_GEMFILE|TCLLIBPATH|VIMINIT|(?:SSH|SUDO)_ASKPASS"
    r"|RUSTC_WRAPPER|P(?i:SModulePath)|COMSPEC|PATHEXT)$"
)
#: Say through which hosts requests go, to which instead of those that are meant, and whose word is taken for theirs.
REDIRECTING = re.compile(
    r"(?i)\w*proxy|\w*_CA_(?:BUNDLE|CERTS?|FILE|PATH)|CURL_(?:HOME|SSL_BACKEND)|WGETRC|SSL_CERT_(?:FILE|DIR)|SSLKEYLOGFILE"
    r"|NODE_TLS_REJECT_UNAUTHORIZED|NODE_EXTRA_CA_CERTS|OPENSSL_(?:CONF|MODULES|ENGINES)|PYTHONHTTPSVERIFY|HOSTALIASES"
    r"|RES_OPTIONS|LOCALDOMAIN|\w+_(?:ENDPOINT(?:_URL)?(?:_\w+)?|BASE_URL|API_BASE|API_HOST|INDEX_URL|INDEX|REGISTRY|MIRROR)"
    r"|AWS_(?:CONFIG|SHARED_CREDENTIALS)_FILE|DOCKER_(?:HOST|CONTEXT|CONFIG|TLS_VERIFY)|KUBECONFIG|OLLAMA_HOST|GNUPGHOME"
    r"|SSH_AUTH_SOCK|DBUS_\w+_ADDRESS"
)
#: Hold a key or a password, by their names.
SECRET_VARIABLE = re.compile(
    r"(?i)(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|PWD|CREDENTIALS?|APIKEY)(?:$|_)(?<!^PWD)"
)
#: Ends of the names of those that hold a command.
COMMANDS_IN = ("PROMPT_COMMAND", "PAGER", "EDITOR", "VISUAL", "BROWSER", "SSH_COMMAND", "LESSOPEN", "BASH_ENV")


def steers(name: str) -> str:
    """What a value for the variable does to what runs later, as a reason; empty where it is only a value."""
    if STEERING.match(name):
        return "changes where programs are looked for"
    return "changes where requests go or whom they trust" if REDIRECTING.fullmatch(name) else ""
