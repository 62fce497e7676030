"""Secrets go, everything else stays byte for byte, and a long text costs no more than its length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oi_voice.consent.redact import redact

# Put together here, so that nobody takes one for a key that works.
LETTERS = "a1B2c3D4"
CAPITALS = "Q7" * 8
JWT = ".".join(("eyJ" + "hbGciOiJIUzI1NiJ9", "eyJ" + "zdWIiOiIxMjM0In0", "abcDEF123_-x"))

TOKENS = [
    "sk-" + LETTERS * 6,
    "sk-proj-" + LETTERS * 6,
    "sk-ant-api03-" + LETTERS * 8,
    "AKIA" + CAPITALS,
    "ASIA" + CAPITALS,
    "ghp_" + LETTERS * 5,
    "gho_" + LETTERS * 5,
    "github_pat_" + LETTERS * 8,
    "glpat-" + LETTERS * 3,
    "xoxb-" + "123456789012-" + LETTERS,
    "xapp-" + "1-A123-456-" + LETTERS,
    "AIza" + "aB3_5" * 7,
    "ya29." + LETTERS * 4,
    "sk_live_" + LETTERS * 3,
    "hf_" + LETTERS * 4,
    "SG." + LETTERS * 2 + "." + LETTERS * 4,
    "123456789:" + "aB3_5" * 7,
    JWT,
    "nvapi-" + LETTERS * 8,
    "dckr_pat_" + LETTERS * 3,
    "hvs." + LETTERS * 6,
    "tskey-auth-" + LETTERS * 3,
    "glagent-" + LETTERS * 4,
    "sl." + LETTERS * 15,
    "AGE-SECRET-KEY-PQ-1" + CAPITALS * 4,
    JWT + "." + LETTERS + "." + LETTERS,
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "4111111111111111",
    "378282246310005",
    "5555 5555 5555 4444",
]


def mark(secret: str) -> str:
    return f"[secret: {len(secret)} characters]"


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("around", ["{}", "x = '{}'\n", "curl -H {} https://example.com", "é „{}“ 2026", '["{}"]'])
def test_what_looks_like_a_key_goes(token: str, around: str) -> None:
    assert redact(around.format(token)) == around.format(mark(token))


# What stands between the brackets is the secret.
PLACES = [
    'password = "⟦hunter2⟧"',
    "password = '⟦it\\'s me⟧'",
    'PASSWORD="⟦a b c⟧"; ls',
    'passphrase = """⟦hunter2⟧"""',
    'password = b"⟦hunter2⟧"',
    "password: ⟦hunter2⟧",
    "password: ⟦hunter⟧\nuser: me",
    '{"password": "⟦hunter2⟧", "user": "me"}',
    '{\\"password\\": \\"⟦hunter2⟧\\"}',
    "os.environ['API_KEY'] = '⟦abc⟧'",
    "token: str = '⟦abc⟧'",
    "login(user='me', password='⟦abc⟧')",
    "if token == '⟦abc⟧': pass",
    "export TOKEN=⟦abc123⟧",
    "export GITHUB_TOKEN=⟦abc⟧ && ls",
    "PGPASSWORD=⟦abc⟧ psql -h db",
    "DB_PWD=⟦abc⟧",
    "mysql --password=⟦hunter2⟧ -u me",
    "tool --password ⟦hunter⟧ --verbose",
    "tool --api-key '⟦hunter⟧'",
    "run(['tool', '--token', '⟦hunter⟧', 'x'])",
    "AWS_SECRET_ACCESS_KEY=⟦" + LETTERS * 5 + "⟧",
    "postgres://me:⟦hunter2⟧@db.example.com/x",
    "https://me:⟦p:w⟧@example.com",
    "https://⟦" + LETTERS * 3 + "⟧@example.com/repo.git",
    "https://example.com/?api_key=⟦abc123⟧&q=2",
    "curl -u me:⟦hunter2⟧ https://example.com",
    "requests.get(url, auth=('me', '⟦hunter2⟧'))",
    "Authorization: Bearer ⟦" + LETTERS * 3 + "⟧",
    '"Authorization": "Basic ⟦bWU6cHc=⟧"',
    "Bearer ⟦" + LETTERS * 3 + "⟧",
    "sshpass -p ⟦hunter⟧ ssh me@example.com",
    "echo '⟦hunter⟧' | sudo -S apt update",
    "my password is ⟦hunter2⟧",
    "password='⟦cut off⟧",
    "key = '⟦9f86d081884c7d659a2feaa0c55ad015⟧'",
    "session_id: ⟦550e8400-e29b-41d4-a716-446655440000⟧",
    "-----BEGIN RSA PRIVATE KEY-----⟦\nMIIE" + LETTERS + "\nabc=\n⟧-----END RSA PRIVATE KEY-----\nrest",
    "-----BEGIN OPENSSH PRIVATE KEY-----⟦\n" + LETTERS * 8 + "\n" + LETTERS * 8 + "⟧",
    "-----BEGIN RSA PRIVATE KEY-----⟦\nProc-Type: 4,ENCRYPTED\n\n" + LETTERS * 8 + "⟧",
    '-----BEGIN PRIVATE KEY-----⟦" > k\necho "' + LETTERS * 8 + '⟧" >> k',
    "https://discord.com/api/webhooks/⟦123456789/" + LETTERS * 8 + "⟧",
    "https://x.blob.core.windows.net/c?sv=2022&sig=⟦" + LETTERS * 4 + "⟧&se=1",
    "machine x.com\n  login me\n  password ⟦hunter⟧\n",
    "echo 'db:5432:*:me:⟦hunter⟧' >> ~/.pgpass",
    "set -gx API_TOKEN ⟦hunter⟧",
    "setx DB_PASSWORD ⟦hunter⟧",
    "ConvertTo-SecureString '⟦hunter⟧' -AsPlainText",
    "os.environ.setdefault('API_TOKEN', '⟦hunter⟧')",
    "keyring.set_password('mail', 'me', '⟦hunter⟧')",
    "password = (\n    '⟦hunter⟧'\n)",
    "<password>⟦hunter⟧</password>",
    "password: |\n  ⟦hunter⟧\nuser: me",
    "ALTER USER me WITH PASSWORD '⟦hunter⟧'",
    "Server=x;Uid=me;Pwd=⟦hunter⟧;Database=y",
    "Cookie: sessionid=⟦hunter2-abc⟧; theme=dark",
    "curl -b 'who=⟦hunter⟧' https://example.com",
    "mysql -u me -p'⟦hun ter⟧' db",
    "redis-cli -h x -a ⟦hunter⟧ ping",
    "nmcli dev wifi connect Home password ⟦hunter⟧",
    "echo ⟦hunter⟧ | gh auth login --with-token",
    "sudo -S ls <<< '⟦hunter⟧'",
    "das Passwort ist ⟦hunter2⟧",
    "contraseña: ⟦hunter2⟧",
    "the password for the router is ⟦hunter2⟧",
    "pymysql.connect('db', 'me', '⟦hunter⟧')",
    "run(['mysql', '-p⟦hunter⟧'])",
    "run(['sudo', '-S', 'ls'], input='⟦hunter⟧')",
    "PIN: ⟦4711⟧",
    "seed phrase: ⟦" + "legal winner thank year " * 2 + "wave sausage worth useful⟧",
    "https://hooks.slack.com/services/⟦T0000/B0000/" + LETTERS * 3 + "⟧",
]


@pytest.mark.parametrize("marked", PLACES)
def test_what_stands_where_a_secret_does_goes(marked: str) -> None:
    before, _, rest = marked.partition("⟦")
    secret, _, after = rest.partition("⟧")
    assert redact(before + secret + after) == before + mark(secret) + after


@pytest.mark.parametrize(
    "text",
    [
        "password = getpass.getpass()",
        "password = input('Password: ')",
        "token = os.environ['TOKEN']",
        "client = Client(api_key=api_key, password=self.password)",
        "max_tokens=4096",
        "tokens: list[str] = []",
        "tokenizer = AutoTokenizer.from_pretrained('x')",
        "def login(user: str, password: str, token: str | None = None) -> None:",
        "password = None",
        'password = ""',
        'password="$PASSWORD"',
        "password: ${PASSWORD}",
        "api_key: <your key>",
        "--password\n",
        "secretary = 'Ann'",
        "session = requests.Session()",
        "unzip -p a.zip b.txt",
        "echo ls | sudo -s",
        "net user me /delete",
        "set -e; set -x ls",
        "re_match_all_of_the_groups_v2",
        "docker login -u me",
        "the password is wrong",
        "PWD=/home/me",
        "1700000000000 and 4111 1111 1111 1112",
        "pi = 3.14159265358979323846",
        "sk-learn-is-a-library-for-machine-learning",
        "key = 'some_long_identifier_name_v2'",
        "key = '/usr/lib/python3/dist-packages/x1/y2/z3'",
        "for key in sorted(mapping): print(key)",
        "https://example.com:8080/path@2",
        "git clone git@example.com:me/repo.git",
        "9f86d081884c7d659a2feaa0c55ad015b0f00a08",
        'x.startswith("-----BEGIN PRIVATE KEY-----"); y = 2',
        "\x00\udc80 \r\n\t⟨é⟩",
        "",
    ],
)
def test_the_rest_stays(text: str) -> None:
    assert redact(text) == text


PIECES = st.sampled_from(
    [*TOKENS, "password=", "--token ", '"', "'", ": ", " = ", "\n", "abc1", "key", "://", "@", "\\"]
)
PIECES |= st.sampled_from(["-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "[secret: 3 characters]", "$X"])


@settings(deadline=None)
@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_no_key_is_left_and_once_is_enough(text: str) -> None:
    once = redact(text)
    assert not [token for token in TOKENS if token in once]
    assert redact(once) == once


@settings(deadline=None)
@given(st.text(st.sampled_from("abc xyz\n\t()[]{}.,;+-*/<>é"), max_size=200))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


UNITS = [
    "x = 1\n",
    "a",
    "4",
    "4 ",
    "password",
    "password='",
    'password="\\',
    "eyJ",
    "eyJa.",
    "sk-",
    "://a:",
    "--token ",
]
UNITS += [
    "password='a' + 'b' + ",
    "echo a | ",
    "mysql -u ",
    "<password>",
    "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----A",
    "SG.aaaaaaaaaaaaaaaaaaaa",
    "key=",
    "auth=('",
    '"',
]


@pytest.mark.parametrize("unit", UNITS)
def test_time_is_linear(unit: str) -> None:
    """A quadratic pattern takes minutes here; these take about a second on a slow machine."""
    text = unit * (200_000 // len(unit))
    began = time.perf_counter()
    redact(text)
    assert time.perf_counter() - began < 15


@pytest.mark.parametrize(
    "text",
    [
        "DB_PASS=hunter2",
        "os.environ['DB_PASS'] = 'hunter2'",
        "pw = 'hunter2'",
        "mysql -u me -phunter2 db",
        "docker login -u me -p hunter2 r.example",
        "smtp.login('a@b', 'hunter2')",
        "zip -P hunter2 a.zip b",
        "7z a -phunter2 x",
        "chpasswd <<< root:hunter2",
        "echo 'root:hunter2' | sudo chpasswd",
    ],
)
def test_passwords_where_programs_take_them(text: str) -> None:
    assert "hunter2" not in redact(text)


@pytest.mark.parametrize("text", ["docker run -p 8080:80 nginx", "except KeyError: pass", "mkdir -p a/b", "bypass=1"])
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert redact(text) == text
