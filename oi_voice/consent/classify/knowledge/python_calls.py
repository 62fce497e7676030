"""Python's functions and classes that are understood, by their full names.

A line is ``names: verb parameters -> kind``: the verb is one of ``python.verbs``, the parameters are those it needs, in
the order of the call's positions (``name@1`` names a position), the kind is of what comes back. Sources: the
documentation of Python's standard library and of the libraries named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    verb: str
    params: tuple[tuple[str, int], ...] = ()
    kind: str = ""


_ACTS = """
os.remove os.unlink os.rmdir os.removedirs: delete path
shutil.rmtree: delete path
os.rename os.renames os.replace: move src dst
shutil.move: move src dst
shutil.copy shutil.copy2 shutil.copyfile shutil.copytree: copy src dst
shutil.copymode shutil.copystat: change dst@1
os.mkdir os.makedirs: make name
os.listdir os.scandir: names path
os.walk: walk top
os.symlink: link src dst
os.link: hardlink src dst
os.chdir: enter path
contextlib.chdir: enter path -> folder
os.chmod os.chown os.lchown os.utime shutil.chown os.setxattr: change path
os.mkfifo os.mknod os.truncate: write path
os.system os.popen commands.getoutput subprocess.getoutput subprocess.getstatusoutput: shell command
subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen: argv args -> process
asyncio.create_subprocess_shell: shell cmd -> process
asyncio.create_subprocess_exec os.execv os.execvp os.execl os.execlp os.execve: spread
os.spawnv os.spawnl os.spawnlp os.spawnvp: spread
os.startfile webbrowser.open webbrowser.open_new webbrowser.open_new_tab: opens path
pty.spawn: argv args
os.posix_spawn os.posix_spawnp: argv args@1
os.kill os.killpg os.abort os._exit signal.raise_signal: end pid
os.putenv os.environ.update os.environ.setdefault os.environ.pop os.unsetenv: environ
glob.glob glob.iglob glob: glob pathname
fnmatch.filter: pure
tempfile.mkdtemp tempfile.TemporaryDirectory tempfile.mkstemp tempfile.NamedTemporaryFile: temporary
tempfile.TemporaryFile tempfile.SpooledTemporaryFile: temporary
shutil.disk_usage os.statvfs os.stat os.lstat: look path
os.path.getsize os.path.getmtime os.path.getctime os.path.getatime: look path
os.path.exists os.path.isfile os.path.isdir os.path.islink os.path.ismount os.access os.readlink: look path
os.path.samefile os.path.lexists: look path
shutil.copyfileobj multiprocessing.cpu_count sqlite3.Row: pure
shutil.which asyncio.run dataclasses.replace asyncio.gather unittest.main: pure
os.environ os.environ.get os.getenv os.environ.copy os.environ.items os.environ.keys os.environ.values: getenv key
sys.stdout.write sys.stdout.flush sys.stderr.write matplotlib.pyplot.rcParams.update: pure
sys.stdin.read sys.stdin.readline: person
os.cpu_count os.getpid os.getppid os.uname os.getlogin os.getuid os.getgid os.get_terminal_size os.getloadavg: pure
os.urandom os.times os.strerror os.path.commonpath os.path.commonprefix os.path.isabs os.fsencode os.fsdecode: pure
shutil.get_terminal_size pathlib.PurePath.match: pure
os.fsync os.sync os.closerange os.close os.umask: pure
shutil.make_archive: archive base_name format root_dir
shutil.unpack_archive: unpack filename extract_dir
zipfile.ZipFile: container file mode -> archive
tarfile.open tarfile.TarFile: container name mode -> archive
gzip.open bz2.open lzma.open codecs.open io.open builtins.open: open file mode -> file
os.open: osopen path flags
os.fdopen os.write os.pwrite os.sendfile: through fd
pathlib.Path pathlib.PurePath pathlib.PosixPath pathlib.WindowsPath pathlib.PurePosixPath: path
Path: path
pathlib.Path.home: home
pathlib.Path.cwd os.getcwd: cwd
os.path.join: joinpath
os.path.expanduser: expanduser path
os.path.abspath os.path.realpath os.path.normpath: samepath path
os.path.relpath os.fspath os.path.normcase os.path.expandvars: samepath path
os.path.basename: basename p
os.path.dirname: dirname p
os.path.splitext os.path.split: splitext p
pathlib.Path.unlink pathlib.Path.rmdir: delete self
send2trash.send2trash: recycle path
fileinput.input fileinput.FileInput: inplace files
linecache.getline linecache.getlines: read filename
json.dump yaml.dump pickle.dump toml.dump tomli_w.dump csv.dump joblib.dump yaml.safe_dump: dump obj stream@1
json.load yaml.safe_load tomllib.load toml.load configparser.load: load fp
pickle.load pickle.loads dill.load dill.loads joblib.load marshal.loads shelve.open torch.load yaml.load: pickled
pandas.read_pickle numpy.load: pickled file
sqlite3.connect: database database -> database
urllib.request.urlopen: fetch url data -> response
urllib.request.Request httpx.Request requests.Request: request url data -> request
urllib.request.urlretrieve wget.download: download url filename
requests.get httpx.get httpx.head requests.head requests.options httpx.options: fetch url -> response
requests.post requests.put requests.patch requests.delete: send url -> response
httpx.post httpx.put httpx.patch httpx.delete: send url -> response
requests.request httpx.request: request_by method url -> response
requests.Session requests.session httpx.Client httpx.AsyncClient aiohttp.ClientSession: client -> session
feedparser.parse: fetch url
wikipedia.summary wikipedia.search wikipedia.page: tell wikipedia.org
yfinance.download yfinance.Ticker: tell finance.yahoo.com
socket.socket: pure -> socket
socket.create_connection: sendhost address -> socket
socket.gethostbyname socket.getaddrinfo socket.gethostbyname_ex socket.gethostbyaddr socket.getfqdn: resolve host
socket.gethostname platform.node: pure
smtplib.SMTP smtplib.SMTP_SSL: sendhost host -> mailer
ftplib.FTP ftplib.FTP_TLS telnetlib.Telnet poplib.POP3_SSL imaplib.IMAP4_SSL paramiko.SSHClient: sendhost host
http.client.HTTPConnection http.client.HTTPSConnection: sendhost host
boto3.client boto3.resource openai.OpenAI anthropic.Anthropic twilio.rest.Client: sendhost
http.server.HTTPServer socketserver.TCPServer http.server.test: serve
builtins.exec builtins.eval: code source
builtins.compile: compiled source
builtins.__import__ importlib.import_module: imports name
builtins.open: open file mode -> file
builtins.input getpass.getpass: person
builtins.getattr: getattr
builtins.setattr builtins.delattr: setattr
builtins.super: super
builtins.globals builtins.locals builtins.vars builtins.memoryview: opaque_value
builtins.breakpoint: opaque
builtins.exit builtins.quit sys.exit: pure
pandas.read_csv pandas.read_table pandas.read_fwf: readurl filepath_or_buffer -> frame
pandas.read_json: readurl path_or_buf -> frame
pandas.read_excel pandas.ExcelFile pandas.read_html pandas.read_xml pandas.read_orc: readurl io -> frame
pandas.read_parquet pandas.read_feather pandas.read_stata pandas.read_sas pandas.read_spss: readurl path -> frame
polars.read_csv polars.read_parquet polars.scan_csv polars.read_json polars.read_excel: readurl source -> frame
pandas.read_sql pandas.read_sql_query pandas.read_sql_table: sql sql -> frame
pandas.read_clipboard pyperclip.paste: clip_read
pyperclip.copy: clip_write text
pandas.ExcelWriter: openwav path mode
matplotlib.backends.backend_pdf.PdfPages: write filename
numpy.loadtxt numpy.genfromtxt numpy.fromfile: read fname
numpy.save numpy.savez numpy.savetxt numpy.savez_compressed: writeext file
numpy.memmap: open filename mode@2
matplotlib.pyplot.savefig seaborn.savefig: write fname
matplotlib.pyplot.imread matplotlib.image.imread imageio.imread cv2.imread skimage.io.imread: read fname -> image
matplotlib.pyplot.imsave matplotlib.image.imsave imageio.imwrite: write fname
imageio.imsave cv2.imwrite skimage.io.imsave: write fname
PIL.Image.open: read fp -> image
docx.Document openpyxl.load_workbook pypdf.PdfReader: readopt docx
PyPDF2.PdfReader mutagen.File pymupdf.open pptx.Presentation fitz.open pdfplumber.open: readopt docx
librosa.load soundfile.read scipy.io.wavfile.read scipy.io.loadmat wave.open: openwav file mode
soundfile.write scipy.io.wavfile.write scipy.io.savemat: write file
openpyxl.Workbook fpdf.FPDF: pure -> frame
pypdf.PdfWriter PyPDF2.PdfWriter PyPDF2.PdfMerger: pure -> pdf
collections.namedtuple: record
pytesseract.image_to_string pytesseract.image_to_data: load image
duckdb.sql duckdb.query duckdb.execute: tables query -> frame
sympy.simplify sympy.sympify: formula
xlsxwriter.Workbook: write filename
xml.etree.ElementTree.parse lxml.etree.parse: load source
configparser.ConfigParser configparser.RawConfigParser: pure -> config
dotenv.load_dotenv: session
logging.basicConfig: logging filename@9
logging.FileHandler: logging filename mode
logging.handlers.RotatingFileHandler: append filename
logging.handlers.HTTPHandler logging.handlers.SMTPHandler logging.handlers.SocketHandler: sendhost host
logging.handlers.SysLogHandler logging.handlers.DatagramHandler: sendhost address
keyring.get_password keyring.get_credential netrc.netrc browser_cookie3.load secretstorage.dbus_init: secrets
itertools.chain.from_iterable importlib.util.find_spec importlib.metadata.version: pure
psutil.Process: pure -> processes
psutil.process_iter psutil.pids: processes
pyttsx3.init pyttsx3.speak: session
winsound.Beep winsound.PlaySound playsound.playsound pygame.mixer.init: session
time.sleep asyncio.sleep: pure
atexit.register threading.Thread multiprocessing.Process asyncio.to_thread: later target
signal.signal threading.Timer weakref.finalize: later function@1
timeit.timeit timeit.repeat timeit.Timer: code setup@1 stmt@0
multiprocessing.Pool concurrent.futures.ThreadPoolExecutor concurrent.futures.ProcessPoolExecutor: pure -> pool
schedule.every: pure
cProfile.run profile.run sys.settrace sys.setprofile sys.addaudithook os.fork: opaque
os.setuid os.setgid os.nice sys.setrecursionlimit gc.disable: opaque
warnings.filterwarnings warnings.simplefilter locale.setlocale random.seed numpy.random.seed: pure
pandas.set_option pandas.reset_option matplotlib.use matplotlib.pyplot.switch_backend numpy.set_printoptions: pure
pip.main: install
plyer.notification.notify: session
keyboard.press keyboard.press_and_release mouse.click mouse.move: screen
IPython.display.display IPython.display.Image IPython.display.Markdown IPython.display.clear_output: pure
IPython.display.JSON IPython.display.Audio IPython.display.Video IPython.display.SVG: pure
IPython.get_ipython builtins.get_ipython: pure -> ipython
"""

_PYAUTOGUI = """
click doubleClick tripleClick rightClick middleClick moveTo moveRel move dragTo dragRel drag scroll hscroll vscroll
press hotkey keyDown keyUp hold mouseDown mouseUp
"""

_COMPUTER = {
    "look": "display.view display.screenshot display.text display.size mouse.position clipboard.view window.list",
    "screen": "mouse.click mouse.double_click mouse.right_click mouse.move mouse.scroll keyboard.press "
    "keyboard.hotkey clipboard.paste",
    "clip_write": "clipboard.copy",
    "opens": "os.open",
    "types": "keyboard.write clipboard.type",
    "send": "mail.send sms.send",
    "session": "os.volume window.focus window.minimize window.next assistant.new_conversation assistant.mute "
    "assistant.unmute assistant.slower assistant.faster assistant.show",
    "close": "window.close",
}


def entries(lines: str) -> Iterator[tuple[list[str], Entry]]:
    """The names and the entry of each line of a table."""
    for line in filter(None, lines.splitlines()):
        names, _, what = line.partition(": ")
        what, _, kind = what.partition(" -> ")
        verb, *words = what.split()
        params = []
        for index, word in enumerate(words):
            name, _, position = word.partition("@")
            params.append((name, int(position) if position else index))
        yield names.split(), Entry(verb, tuple(params), kind)


CALLS: dict[str, Entry] = {name: entry for names, entry in entries(_ACTS) for name in names}
CALLS |= {f"pyautogui.{name}": Entry("screen") for name in _PYAUTOGUI.split()}
CALLS |= dict.fromkeys(("pyautogui.write", "pyautogui.typewrite", "keyboard.write"), Entry("types", (("message", 0),)))
CALLS |= {
    f"computer.{name}": Entry(verb, (("text", 0),)) for verb, names in _COMPUTER.items() for name in names.split()
}
