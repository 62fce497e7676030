"""What reveals secrets, or reaches other computers by another way than an address, is no mere reading."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from oi_voice.consent.classify import Effect, Level, Risk, classify
from oi_voice.consent.shape import READS, Shape, covers, place
from oi_voice.consent.words import words

SECRET = r"""
tail -n 5 ~/.aws/credentials
tail --lines=5 /run/secrets/db
head -c 512 /dev/sda
dd if=/dev/input/event0 count=1
cat /proc/1/mem
cat /proc/1/cwd/notes.txt
cat /proc/kcore
cat < /etc/ssh/ssh_host_rsa_key
while read -r line; do echo "$line"; done < ~/.vault-token
mapfile -t all < ~/.cargo/credentials.toml; echo "${all[@]}"
echo "$(< ~/.config/rclone/rclone.conf)"
xargs -a ~/.netrc echo
ls -A | xargs cat
cat /dev/sd?
grep -f ~/.netrc a.txt
cat /home/someone-else/.aws/credentials
cat ~someoneelse/.aws/credentials
cat //home/someone/.kube/config
curl http://169.254.169.254/latest/meta-data/
curl http://2852039166/latest
curl http://0xa9fea9fe/
curl 'http://[::ffff:169.254.169.254]/'
curl 'http://[fd00:ec2::254]/latest/'
wget -qO- http://metadata.google.internal/computeMetadata/v1/
"""

SECRETS = {
    "python": [
        "import tomllib\nprint(tomllib.load(open('.cargo/credentials.toml', 'rb')))",
        "import zipfile\nwith zipfile.ZipFile('/tmp/x.zip', 'w') as z: z.write('.aws/credentials')",
        "import requests\nprint(requests.get('http://169.254.169.254/latest/').text)",
        "print(open('/dev/nvme0n1', 'rb').read(9))",
        "import os\nprint(open(os.path.expanduser('~someoneelse/.aws/credentials')).read())",
    ],
    "javascript": ["fetch('http://metadata.google.internal/x').then(r => r.text()).then(console.log)"],
    "r": ["jsonlite::fromJSON('~/.docker/config.json')"],
    "powershell": [
        "Select-String -Pattern x -Path ~/.ssh/id_rsa",
        "Select-String x ~/.ssh/id_rsa",
        "Get-Content /run/secrets/x",
        "cat $env:USERPROFILE\\.aws\\credentials",
        "$env:API_TOKEN",
    ],
}

#: The host between is told beside the one that is meant.
THROUGH = {
    "shell": [
        "curl -x far.example:8080 https://e.example",
        "curl --socks5 far.example https://e.example",
        "curl --resolve e.example:443:far.example https://e.example",
        "curl --connect-to ::far.example:443 https://e.example",
        "https_proxy=http://far.example:1 curl https://e.example",
        "env ALL_PROXY=far.example curl https://e.example",
        "export AWS_ENDPOINT_URL=https://far.example",
        "getent hosts far.example",
        "test -e /net/far.example/x",
        "cat /afs/far.example/x",
        "ls /run/user/1000/gvfs/far.example",
        "cat link/x",
    ],
    "python": [
        "import requests\nprint(requests.get('https://e.example', proxies={'https': 'http://far.example'}).text)",
        "import httpx\nprint(httpx.get('https://e.example', proxy='http://far.example').text)",
        "import httpx\nprint(httpx.Client(proxy='http://far.example').get('https://e.example').text)",
        "import os\nos.environ['HTTPS_PROXY'] = 'http://far.example'",
        "import socket\nprint(socket.getfqdn('far.example'))",
        "import os\nprint(os.path.exists('/net/far.example/x'))",
        "import os\nprint(os.path.exists(r'\\\\far.example\\x'))",
        "import os\nos.chdir('/net')\nprint(os.path.getsize('far.example/x'))",
        "from pathlib import Path\nprint((Path('/net') / 'far.example').stat())",
    ],
    "javascript": [
        "const a = require('axios'); a.get('https://e.example', { proxy: { host: 'far.example' } })",
        "process.env.HTTPS_PROXY = 'http://far.example'",
        "console.log(require('fs').existsSync('/net/far.example/x'))",
    ],
    "ruby": ["puts File.exist?('/net/far.example/x')", "ENV['https_proxy'] = 'http://far.example'"],
    "powershell": ["irm https://e.example -Proxy http://far.example", "Test-Path \\\\far.example\\x"],
}

#: A service is asked with the person's own account: no more than a fetch, and by its name.
ASKED = """
kubectl get pods -n web -o wide
kubectl describe pod x
kubectl logs x --tail 9
terraform state list
ollama list
aws ec2 describe-instances --region x
aws s3 ls
gh pr list -L 9
docker ps -a
docker logs x
"""

TOLD = """
kubectl get secret x -o yaml
kubectl get --raw /api/v1/namespaces/x/secrets
kubectl config view --raw
kubectl get pods --server https://far.example
kubectl delete pod x
terraform show
terraform output -json
terraform apply
ollama rm x
aws ec2 describe-instances --filters file://a.txt
aws s3 ls --endpoint-url https://far.example
aws secretsmanager get-secret-value --secret-id x
gh auth token
gh pr list -q env
gh pr list --search "$(cat a.txt)"
gh pr create
"""

STEERS = {
    "shell": ["export SSL_CERT_FILE=/tmp/x", "export RUBYLIB=/tmp", "LD_PRELOAD=/tmp/x.so ls", "export NODE_PATH=/tmp"],
    "python": [
        *(f"import os\nos.environ['{name}'] = '/tmp/x'" for name in ("REQUESTS_CA_BUNDLE", "PYTHONPATH", "PATH")),
        "import requests\ns = requests.Session()\ns.proxies.update({'https': 'http://far.example'})",
        "import requests\ns = requests.Session()\ns.proxies = {'https': 'http://far.example'}",
    ],
    "javascript": ["process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'"],
    "ruby": ["$LOAD_PATH.unshift('/tmp')", "$: << '/tmp'"],
    "powershell": ["$env:HTTP_PROXY = 'x'"],
}

PLAIN = [
    ("shell", "export EDITION=2"),
    ("shell", "cat /proc/cpuinfo /proc/self/status"),
    ("shell", "getent passwd"),
    ("shell", "cat /dev/null /dev/stdin"),
    ("python", "import os\nos.environ['TZ'] = 'UTC'"),
    ("python", "import requests\nprint(requests.Session().get('https://e.example', timeout=3).text)"),
    ("powershell", "Get-ChildItem | Select-String x"),
    ("r", "x <- jsonlite::fromJSON('{\"a\": 1}')"),
]


def _all(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, code) for language in table for code in table[language]]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".netrc").write_text("x")
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "link").symlink_to("/net/far.example")
    return tmp_path


def _runs_without_a_question(language: str, risk: Risk) -> bool:
    places = frozenset(place(each.effect, each.kind, each.name) for each in risk.targets)
    return covers(READS, Shape(language, risk.level.value, frozenset(risk.effects), places))


@pytest.mark.parametrize(
    ("language", "code"), [*(("shell", code) for code in SECRET.strip().split("\n")), *_all(SECRETS)]
)
def test_keys_are_told(here: Path, language: str, code: str) -> None:
    risk = classify(language, code, here)
    assert Effect.SECRETS in risk.effects
    assert risk.level is Level.SENDS


@pytest.mark.parametrize(("language", "code"), _all(THROUGH))
def test_each_host_is_told(here: Path, language: str, code: str) -> None:
    risk = classify(language, code, here)
    assert "far.example" in {target.name for target in risk.targets if target.kind == "host"}
    assert not _runs_without_a_question(language, risk)


@pytest.mark.parametrize(("language", "code"), _all(STEERS))
def test_what_steers_later_code_asks(here: Path, language: str, code: str) -> None:
    risk = classify(language, code, here)
    assert risk.level >= Level.UNKNOWN
    assert {"changes where requests go or whom they trust", "changes where programs are looked for"} & {*risk.reasons}


@pytest.mark.parametrize("code", ASKED.strip().split("\n"))
def test_a_service_that_is_asked_is_told(here: Path, code: str) -> None:
    risk = classify("shell", code, here)
    assert (risk.level, risk.effects) == (Level.READ, (Effect.NETWORK,))
    assert [target.kind for target in risk.targets] == ["host"]


@pytest.mark.parametrize("code", TOLD.strip().split("\n"))
def test_a_service_that_shows_keys_or_does_more_asks(here: Path, code: str) -> None:
    assert classify("shell", code, here).level >= Level.UNKNOWN


@pytest.mark.parametrize(("language", "code"), PLAIN)
def test_what_does_none_of_it_is_known(here: Path, language: str, code: str) -> None:
    assert classify(language, code, here).level < Level.UNKNOWN


@pytest.mark.parametrize("code", ["rm -r /net/far/x", "cp a.txt link/b.txt", "cat link/x", "ls /net/far/*/x"])
def test_another_computer_is_not_looked_at(here: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    asked: list[str] = []
    for name in ("lstat", "stat", "scandir", "readlink"):
        plain = getattr(os, name)
        monkeypatch.setattr(
            os, name, lambda path, *rest, _plain=plain, **more: asked.append(str(path)) or _plain(path, *rest, **more)
        )
    risk = classify("shell", code, here)
    assert Effect.READS in risk.effects or risk.level is Level.SENDS
    assert not [path for path in asked if path.startswith("/net/")]


def test_a_place_that_nobody_may_follow_is_told(here: Path) -> None:
    assert classify("shell", "cat /proc/1/fd/3", here).level is Level.SENDS


@pytest.mark.parametrize(
    ("language", "code", "sentence"),
    [
        (
            "shell",
            "mv a.txt b.txt",
            "Moves or renames a.txt (1 byte) in your home folder to b.txt in your home folder.",
        ),
        ("python", "open('new.txt', 'x')", "Makes new.txt in your home folder."),
        ("shell", "cat near", "Reads led-to.txt (3 bytes) in your home folder."),
        ("shell", "xclip -o", "Looks at the clipboard."),
        ("shell", "scrot new.png", "Makes new.png in your home folder. Looks at the screen."),
        ("shell", "defaults delete com.apple.dock", "Deletes the settings of com.apple.dock. Cannot be undone."),
    ],
)
def test_the_words_name_it(here: Path, language: str, code: str, sentence: str) -> None:
    (here / "led-to.txt").write_text("xyz")
    (here / "near").symlink_to("led-to.txt")
    assert words(classify(language, code, here)) == sentence


def test_a_rule_for_moves_holds_for_where_they_are_from(here: Path) -> None:
    names = {target.name for target in classify("shell", "mv a.txt b.txt", here).targets}
    assert names == {f"{here}/a.txt", f"{here}/b.txt"}
