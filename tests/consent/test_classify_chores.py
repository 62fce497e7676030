"""Chores as people ask for them: what they replace, delete or send is told, and what they only look at is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from oi_voice.consent.classify import Effect, Level, classify


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in (
        *("a.txt", "b.txt", "report.pdf", "report.md", "song.wav", "song.mp3", "video.mov", "video.mp4", "photo.jpg"),
        *("full/a.txt", "other/b.txt", "node_modules/x", ".git/HEAD", ".git/refs/heads/main", "a.csv", "a.gz"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (tmp_path / "empty").mkdir()
    return tmp_path


#: One of the names that a converter is given is written, and it is not always the last.
WRITTEN = r"""
soffice --headless --convert-to pdf report.md
libreoffice --headless --convert-to pdf --outdir . x.md report.odt
sox video.mov song.wav trim 0 10
sox -n song.wav synth 3 sine 440
ffmpeg -y -i video.mov -map 0:v video.mp4 -map 0:a new.mp3
ffmpeg -i video.mov video.mp4 -y
convert new.png -write photo.jpg other.png
magick mogrify -resize 50% photo.jpg new.jpg
cwebp -o photo.jpg new.png
tesseract new.png a
tesseract new.png report pdf
qpdf new.pdf report.pdf --encrypt a b 256 --
pdftoppm -jpeg -singlefile new.pdf photo
mpg123 -w song.wav new.mp3
say -o a.txt hello
grim -g "0,0 10x10" photo.jpg
maim -g 10x10+0+0 photo.jpg
gzip -df a.gz -c > a.txt
wget -N -P . https://example.org/a.txt
yt-dlp --force-overwrites -o report.pdf https://example.org/v
git mv -f a.txt b.txt
uniq -c a.txt b.txt
xxd -i a.txt b.txt
scrot -c photo.jpg
sox -G new.wav song.wav
wkhtmltopdf https://example.org -q report.pdf
"""

#: Where an option that has no value stands before a name, the name is none.
READ = r"""
cat -n
grep -i key
grep -n -A 3 key
cut -c1-9
cut -d: -f1
bat -p
sort -n
head -c 30
tail -f
od -c
paste -s
base64 -i
jq -n input
rg -n x
csvcut -c 1
"""

#: Files of names that nobody wrote go over those that are there.
OVER = r"""
cp -a other/. full
cp -r other/. full/
rsync -a other/ full
rsync -a a.txt b.txt
rsync -P a.txt b.txt
rsync -a host:x/ full
scp host:x b.txt
7z x -y x.zip
7z x x.zip -ofull
unrar x -o+ x.rar
"""

DESTROYED = r"""
gio trash --empty
git switch --discard-changes main
git branch -M main
git switch -C main origin/main
git checkout -B main origin/main
git merge --abort
git cherry-pick --skip
git reflog delete HEAD@{1}
git remote rm origin
git fetch -f origin main:main
docker compose up -d --renew-anon-volumes
docker compose up -d --remove-orphans
docker-compose down -v
docker builder prune -f
uv pip uninstall requests
uv tool uninstall ruff
conda env remove -n old
pip cache purge
npm cache clean --force
npm ci
nmcli connection delete home
bluetoothctl remove AA:BB
defaults delete com.apple.dock
gsettings reset-recursively org.gnome.desktop.interface
dconf reset -f /org/gnome/
networksetup -removepreferredwirelessnetwork en0 home
lpoptions -x printer
loginctl terminate-user me
psql -c "CREATE OR REPLACE TABLE a AS SELECT 1"
sqlite3 a.db "UPDATE orders SET total = 0"
"""

ASKED = r"""
npm run list
cargo run search
uv run tree
yt-dlp --rm-cache-dir
yt-dlp --exec-before-download 'rm a.txt' https://example.org/v
libreoffice 'macro:///Standard.Module1.Main'
terminal-notifier -message x -execute 'rm a.txt'
scrot -e 'rm a.txt' new.png
wl-paste --watch rm a.txt
fd -e md -x rm
exiftool -overwrite_original -Artist=x photo.jpg
psql -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
mysql -e "SELECT * FROM users INTO OUTFILE '/tmp/x'"
"""

SLIPS = {
    "python": [
        "import zipfile\nzipfile.ZipFile('x.zip').extractall('full')",
        "import zipfile\nzipfile.ZipFile('x.zip').extract('a.txt')",
        "import tarfile\nwith tarfile.open('x.tgz') as t: t.extractall(filter='data')",
        "import shutil\nshutil.unpack_archive('x.zip', 'full')",
        "import shutil\nshutil.copytree('other', 'full', dirs_exist_ok=True)",
        "import markdown\nmarkdown.markdownFromFile(input='a.txt', output='report.md')",
        "import networkx as nx\nnx.write_gexf(nx.path_graph(3), 'a.txt')",
        "from scipy import sparse\nsparse.save_npz('a.npz', sparse.eye(3))",
        "from sklearn.datasets import clear_data_home\nclear_data_home()",
        "from PIL import Image\nImage.new('RGB', (1, 1)).save(fp='photo.jpg')",
        "from mutagen import File\nsong = File('song.mp3')\nsong['title'] = 'x'\nsong.save()",
        "import pandas as pd\npd.DataFrame().to_sql('a', None, None, 'replace')",
        "import pandas as pd\npd.DataFrame().to_sql('a', None, if_exists=input())",
        "from pypdf import PdfWriter\nPdfWriter().write('report.pdf')",
        "import sympy\nsympy.simplify(input())",
        "import duckdb\nduckdb.sql(\"SELECT * FROM read_text('.ssh/id_rsa')\")",
        "import os\nfrom typing import NamedTuple\nclass A(NamedTuple):\n    f: object\nA(os.remove).f('a.txt')",
    ],
    "javascript": [
        "require('fs').cpSync('other', 'full', { recursive: true })",
        "const id = x => x; const f = id(process.kill); f(1)",
        "const id = x => x; const f = id(require('fs').unlinkSync); f('a.txt')",
        "const X = require('xlsx'); X.writeFile(X.readFile('a.csv'), 'a.csv')",
    ],
    "powershell": [
        "(New-Object Net.WebClient).DownloadFile('https://example.org/x', 'a.txt')",
        "Copy-Item a.txt -Destination C:\\x -ToSession $s",
        "winget uninstall x",
        "git reset --hard",
        "git log --output=a.txt",
    ],
}

PLAIN = {
    "shell": [
        *(
            "uv pip list",
            "conda env list",
            "brew services list",
            "node -v",
            "fd -e md",
            "rsync -aze ssh host:x/ new",
            "git branch -M new",
        ),
        *("exiftool -Model photo.jpg", "iwgetid -r", "docker context ls", "git restore --staged a.txt"),
        *("cp -a other/. empty", "rsync -a other/ empty", "rsync -a --dry-run other/ full", "7z x x.zip -onew"),
        *("sox song.wav new.wav trim 0 10", "tesseract photo.jpg stdout", "ffmpeg -i video.mov -vn new.mp3"),
        *("gio trash a.txt", "nmcli connection up home", "psql -c 'SELECT pg_database_size(1)'"),
        *("sqlite3 a.db 'UPDATE orders SET total = 0 WHERE id = 1'", "soffice --headless --convert-to pdf b.txt"),
    ],
    "python": [
        "import logging\nlog = logging.getLogger(__name__)\nlog.info('x')",
        "import sqlite3\ncon = sqlite3.connect('a.db')\ncon.row_factory = sqlite3.Row",
        "from collections import namedtuple\nP = namedtuple('P', 'x y')\nprint(P(1, 2).x)",
        "from typing import NamedTuple\nclass P(NamedTuple):\n    x: int\nprint(P(1)._asdict())",
        "class Wrong(Exception): pass\nraise Wrong('x')",
        "from pydantic import BaseModel\nclass A(BaseModel): pass\nprint(A.model_validate_json('{}').model_dump())",
        "from pypdf import PdfWriter\nw = PdfWriter()\nw.append('report.pdf')\nw.write('new.pdf')\nw.close()",
        "from mutagen import File\nprint(File('song.mp3').info.length)",
        "import duckdb\nprint(duckdb.sql(\"SELECT * FROM 'a.csv'\").df())",
        "import sympy\nx = sympy.symbols('x')\nprint(sympy.simplify(x * x - x))",
        "import pandas as pd\nprint(pd.ExcelFile('a.xlsx').parse('b').isna().sum())",
        "from pathlib import Path\nPath('a.txt').touch()",
    ],
    "javascript": [
        "const text = require('fs').readFileSync('a.txt', 'utf8'); for (const m of text.matchAll(/a/g)) console.log(m)",
        "const memo = f => { const c = {}; return n => c[n] ??= f(n) }; const g = memo(n => n + 1); console.log(g(1))",
        "const cheerio = require('cheerio'); const $ = cheerio.load('<a>'); console.log($('a').text())",
        "const { globSync } = require('glob'); console.log(globSync('**/*.js'))",
    ],
    "powershell": ["git log --oneline -5", "winget list", "(Get-Date).DayOfWeek"],
    "applescript": ['tell application "System Events" to get name of every process whose visible is true'],
}


def _all(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, code) for language in table for code in table[language]]


@pytest.mark.parametrize("code", (WRITTEN.strip() + OVER.rstrip()).split("\n"))
def test_what_is_replaced_is_told(here: Path, code: str) -> None:
    effects = classify("shell", code, here).effects
    assert {Effect.OVERWRITES, Effect.DELETES} & {*effects}


@pytest.mark.parametrize("code", DESTROYED.strip().split("\n"))
def test_what_is_lost_is_told(here: Path, code: str) -> None:
    assert classify("shell", code, here).level is Level.DESTRUCTIVE


@pytest.mark.parametrize(("language", "code"), [*_all(SLIPS), *(("shell", code) for code in ASKED.strip().split("\n"))])
def test_what_may_do_harm_asks(here: Path, language: str, code: str) -> None:
    assert classify(language, code, here).level > Level.CHANGES


@pytest.mark.parametrize(("language", "code"), _all(PLAIN))
def test_what_does_none_is_known(here: Path, language: str, code: str) -> None:
    assert classify(language, code, here).level < Level.UNKNOWN


@pytest.mark.parametrize("code", READ.strip().split("\n"))
def test_keys_are_told_whatever_stands_before_them(here: Path, code: str) -> None:
    assert Effect.SECRETS in classify("shell", f"{code} .ssh/id_rsa", here).effects


def test_a_name_of_an_object_is_changed(here: Path) -> None:
    code = 'tell application "Finder" to set name of file "a" of desktop to "b"'
    assert classify("applescript", code, here).level is Level.CHANGES
