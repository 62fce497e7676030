"""Python's modules that only compute, and what of them does more; the builtins; the names that go without saying.

A function of a module named here only computes, or draws, unless ``python_calls`` says otherwise: as long as its name
is not a module's of the standard library (``random._os``, ``numpy.ctypeslib``: modules lead to other modules), not
private, and not among ``NOT``. Each list was gone through by the documentation of its library.
"""

from __future__ import annotations

import os

from oi_voice.consent.classify.knowledge import names_in

#: The standard library's and others' modules of which everything but ``NOT`` computes.
MODULES = names_in(
    """
    math cmath statistics string re json datetime itertools functools collections collections.abc
    collections.Counter operator decimal fractions random calendar time textwrap difflib unicodedata hashlib
    hmac base64 binascii uuid secrets copy pprint typing dataclasses enum abc heapq bisect array struct zlib
    html html.parser html.entities locale urllib.parse csv platform colorsys numbers warnings types contextlib
    keyword token textwrap shlex ipaddress mimetypes getpass zoneinfo graphlib timeit traceback string.Template
    stringprep fnmatch quopri email.utils email.header email.mime.text email.mime.multipart email.mime.base
    email.mime.image email.mime.application email.message email.encoders io io.StringIO io.BytesIO os.path
    asyncio queue threading concurrent.futures logging argparse configparser errno stat tokenize ast inspect dis
    sys gc weakref codecs gettext reprlib resource xml.etree.ElementTree xml.dom.minidom psutil sched zipfile
    tarfile numpy numpy.random numpy.linalg numpy.fft numpy.ma numpy.polynomial numpy.polynomial.polynomial
    numpy.char pandas pandas.tseries.offsets pandas.plotting pandas.api.types pandas.errors scipy scipy.stats
    scipy.optimize scipy.signal scipy.interpolate scipy.integrate scipy.linalg scipy.special scipy.spatial
    scipy.spatial.distance scipy.ndimage scipy.cluster scipy.cluster.hierarchy scipy.fft scipy.sparse matplotlib
    matplotlib.pyplot matplotlib.dates matplotlib.ticker matplotlib.colors matplotlib.cm matplotlib.patches
    matplotlib.gridspec matplotlib.lines matplotlib.pyplot.style matplotlib.style matplotlib.animation seaborn
    plotly.express plotly.graph_objects plotly.subplots altair sklearn sklearn.linear_model
    sklearn.model_selection sklearn.metrics sklearn.cluster sklearn.preprocessing sklearn.ensemble sklearn.tree
    sklearn.decomposition sklearn.pipeline sklearn.svm sklearn.neighbors sklearn.naive_bayes sklearn.impute
    sklearn.compose sklearn.feature_extraction.text sklearn.manifold sklearn.datasets statsmodels.api
    statsmodels.formula.api statsmodels.tsa.arima.model networkx sympy tabulate tqdm tqdm.auto rich rich.table
    rich.console rich.progress bs4 dateutil dateutil.parser dateutil.relativedelta dateutil.tz pytz PIL.Image
    PIL.ImageDraw PIL.ImageFont PIL.ImageFilter PIL.ImageEnhance PIL.ImageOps PIL.ImageStat PIL.ImageColor
    PIL.ExifTags markdown yaml toml tomllib chardet nltk textblob wordcloud unidecode humanize emoji num2words
    inflect faker pypdf PyPDF2 docx.shared docx.enum.text openpyxl.styles openpyxl.utils openpyxl.chart
    pptx.util fpdf mutagen polars holidays prettytable colorama termcolor regex lxml.html lxml.etree
    requests.exceptions requests.utils urllib.error IPython.display squarify missingno shapely.geometry
    geopy.distance pyproj dateutil.rrule pendulum arrow email email.policy icalendar rapidfuzz rapidfuzz.fuzz
    rapidfuzz.process thefuzz.fuzz thefuzz.process jellyfish Levenshtein pydantic torch.cuda babel.numbers babel.dates
    slugify phonenumbers ftfy langdetect xmltodict html2text jmespath croniter haversine convertdate pyfiglet
    pint qrcode typing_extensions attr more_itertools sortedcontainers torch torch.nn
    torch.nn.functional torch.optim
    """
)

#: Of those modules, what does more, or leads elsewhere; what ``python_calls`` knows is not repeated.
NOT = names_in(
    """
    sys.modules sys.meta_path sys.path_hooks sys.path sys.stdin sys.excepthook sys.displayhook
    sys.breakpointhook sys.unraisablehook sys.set_asyncgen_hooks sys.activate_stack_trampoline sys.remote_exec
    sys._getframe gc.get_objects gc.get_referrers gc.get_referents gc.freeze inspect.currentframe inspect.stack
    inspect.getmodule inspect.getclosurevars inspect.trace types.FunctionType types.CodeType types.ModuleType
    types.MethodType types.LambdaType logging.config logging.handlers operator.attrgetter operator.methodcaller
    functools.partialmethod timeit.main asyncio.open_connection asyncio.start_server
    asyncio.open_unix_connection threading.settrace threading.setprofile threading.settrace_all_threads
    io.FileIO io.open_code io.OpenWrapper codecs.register codecs.encode tokenize.open resource.setrlimit
    resource.prlimit numpy.DataSource numpy.fromregex pandas.read_gbq pandas.HDFStore pandas.read_hdf
    pandas.eval pandas.test pandas.to_pickle matplotlib.animation.FFMpegWriter
    matplotlib.animation.ImageMagickWriter matplotlib.rc_file matplotlib.pyplot.get_plot_commands sympy.sympify
    sympy.parse_expr sympy.lambdify sympy.S sympy.preview torch.save torch.hub nltk.download
    networkx.read_gpickle networkx.write_gpickle networkx.write_gml networkx.write_graphml
    networkx.write_edgelist networkx.write_adjlist yaml.unsafe_load yaml.full_load yaml.load_all
    yaml.unsafe_load_all zipfile.main tarfile.main platform.popen random.SystemRandom psutil.Popen
    html.parser.os csv.field_size_limit mimetypes.init mimetypes.read_mime_types configparser.main mutagen.File
    statsmodels.api.load statsmodels.api.webdoc regex.main dataclasses.make_dataclass
    collections.namedtuple.__new__ typing.get_type_hints numpy.frompyfunc.main seaborn.load_dataset
    sklearn.datasets.fetch_openml sklearn.datasets.fetch_california_housing sklearn.datasets.load_files
    sklearn.datasets.load_svmlight_file sklearn.datasets.dump_svmlight_file sklearn.datasets.fetch_20newsgroups
    plotly.express.data lxml.html.parse lxml.html.submit_form lxml.html.open_in_browser polars.read_database
    polars.SQLContext faker.main fpdf.load_cache asyncio.get_event_loop_policy ast.main
    markdown.markdownFromFile sklearn.tree.export_graphviz
    ast.fix_missing_locations warnings.showwarning traceback.print_exc.main scipy.test numpy.test
    """
)

#: Names that a module shares with one of the standard library's modules, and that are functions and classes.
SHARED = names_in(
    """
    datetime.datetime datetime.date datetime.timedelta datetime.timezone collections.deque
    collections.defaultdict datetime.time datetime.calendar time.time copy.copy calendar.calendar random.random
    pprint.pprint secrets.token decimal.Decimal numpy.array numpy.random numpy.copy numpy.select numpy.trace
    numpy.random.random pandas.array pandas.array.array numpy.ma.array array.array html.parser bisect.bisect
    statistics.statistics collections.abc sympy.symbols sympy.Symbol operator.copy string.string tqdm.tqdm
    textwrap.textwrap torch.select asyncio.Queue asyncio.queues numpy.random.select tabulate.tabulate
    struct.struct uuid.uuid json.json scipy.signal numpy.char.array numpy.polynomial matplotlib.colors
    pandas.plotting torch.random polars.select concurrent.futures asyncio.timeout platform.platform
    warnings.warnings contextlib.contextmanager plotly.io glob.glob rich.table traceback.traceback
    functools.reduce gettext.gettext fnmatch.fnmatch
    """
)

#: Builtins that only compute. Those of ``SCALAR`` give numbers, texts or nothing, whatever they are given.
BUILTINS = names_in(
    """
    abs all any ascii bin bool bytearray bytes callable chr complex dict divmod enumerate filter float format
    frozenset hasattr hash hex id int isinstance issubclass iter len list map max min next object oct ord pow
    print property range repr reversed round set slice sorted staticmethod classmethod str sum super tuple type
    zip aiter anext display Exception BaseException ValueError TypeError KeyError IndexError FileNotFoundError
    PermissionError OSError IOError RuntimeError StopIteration ZeroDivisionError AttributeError ImportError
    ModuleNotFoundError NotImplementedError KeyboardInterrupt SystemExit TimeoutError ConnectionError
    UnicodeDecodeError UnicodeEncodeError FileExistsError AssertionError ArithmeticError OverflowError
    LookupError NameError IsADirectoryError NotADirectoryError Warning UserWarning DeprecationWarning
    StopAsyncIteration EOFError RecursionError MemoryError copyright credits license help
    """
)

SCALAR = names_in(
    """
    abs all any ascii bin bool callable chr complex divmod float format hasattr hash hex id int isinstance
    issubclass len oct ord pow print range repr round str sum bytes bytearray display
    """
)

#: Classes that may be made another one of, and still compute.
BASES = frozenset(
    (
        *(
            "typing.NamedTuple",
            "typing.TypedDict",
            "typing.Protocol",
            "typing.Generic",
            "pydantic.BaseModel",
            "abc.ABC",
        ),
        *("enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "html.parser.HTMLParser", "json.JSONEncoder"),
        *(f"builtins.{name}" for name in BUILTINS if name.endswith(("Error", "Exception", "Warning"))),
        *("builtins.object", "builtins.dict", "builtins.list", "builtins.str", "builtins.int", "builtins.tuple"),
    )
)

#: Functions whose result is a number, or a moment, whatever they are given.
NUMBERS = frozenset(
    ["builtins.len", "builtins.int", "builtins.float", "builtins.round", "builtins.range", "builtins.abs"]
)
TIMES = names_in(
    """
    datetime.datetime.now datetime.datetime.today datetime.date.today time.time time.strftime time.localtime
    time.ctime datetime.datetime.utcnow datetime.now datetime.today date.today time.perf_counter time.monotonic
    time.time_ns datetime.timedelta datetime.date datetime.datetime pandas.Timestamp.now pandas.Timestamp.today
    time.gmtime
    """
)

_ITSELF = names_in(
    """
    os sys re json math time random shutil glob csv subprocess pathlib itertools datetime collections requests
    statistics string hashlib base64 platform psutil sqlite3 zipfile tempfile computer pyautogui pyperclip tqdm
    pprint copy httpx
    """
)
#: Names that go without an import, for an earlier block has made it.
WELL_KNOWN = {
    **{name: name for name in _ITSELF},
    **{"np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot", "sns": "seaborn", "px": "plotly.express"},
    **{"Path": "pathlib.Path", "Image": "PIL.Image", "Counter": "collections.Counter", "dt": "datetime"},
    **{"defaultdict": "collections.defaultdict", "timedelta": "datetime.timedelta", "date": "datetime.date"},
    **{
        "BeautifulSoup": "bs4.BeautifulSoup",
        "numpy": "numpy",
        "pandas": "pandas",
        "pl": "polars",
        "sm": "statsmodels.api",
    },
    **{"display": "IPython.display.display", "go": "plotly.graph_objects"},
}

#: Names that are values, not functions.
CONSTANTS: dict[str, object] = {
    "sys.executable": "python3",
    "os.sep": "/",
    "os.linesep": "\n",
    "os.curdir": ".",
    "os.extsep": ".",
    **{f"os.{name}": getattr(os, name) for name in dir(os) if name.startswith("O_")},
}
VALUES = names_in(
    """
    math.pi math.e math.tau math.inf math.nan numpy.pi numpy.e numpy.nan numpy.inf numpy.newaxis sys.platform
    sys.version sys.version_info sys.maxsize sys.byteorder os.name string.ascii_letters string.ascii_lowercase
    string.ascii_uppercase string.digits string.punctuation string.whitespace pandas.NA pandas.NaT
    calendar.month_name calendar.day_name calendar.month_abbr calendar.day_abbr scipy.__version__
    numpy.__version__ pandas.__version__ sys.prefix matplotlib.__version__ datetime.UTC datetime.timezone.utc
    """
)

#: Settings of libraries that may be set.
SETTABLE = ("pandas.options", "matplotlib.rcParams", "matplotlib.pyplot.rcParams", "PIL.Image.MAX_IMAGE_PIXELS")
