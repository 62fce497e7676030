"""Methods by what they are called on: those that act, and those that compute whatever has them.

``ACTS`` are read like ``python_calls``; ``COMPUTES`` are methods of the libraries' tables, arrays, plots, pictures and
pages that neither read nor write. What the builtin types' methods are is asked of the types themselves.
"""

from __future__ import annotations

import collections
import re
from functools import cache

from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.knowledge.python_calls import Entry, entries

_ACTS = """
frame to_csv to_excel to_parquet to_feather to_pickle to_stata to_hdf to_orc to_xml: writeopt path_or_buf
frame to_json to_html to_markdown to_latex to_string: writeopt buf
frame to_sql: sqlwrite
frame to_clipboard: clip_write
frame to_gbq: sendhost
frame write_csv write_parquet write_json write_excel write_image write_html write_png write_pdf: writeopt file
frame savefig save save_as: writeopt fname
frame saveas tofile dump output: writeopt fname
frame to_file write_videofile write_audiofile: writeopt filename
frame query eval: expression expr
frame push pull fetch upload download: opaque
path unlink rmdir: delete self
path read_text read_bytes: read self -> text
path write_text write_bytes: write self
path touch: append self
path mkdir: make self
path rename replace: move self dst@0
path copy copy_into: copy self dst@0
path move move_into: move self dst@0
path symlink_to hardlink_to: link src@0 self
path link_to: link self dst@0
path chmod lchmod: change self
path open: open self mode@0 -> file
path glob: glob_in self pattern@0
path rglob: rglob_in self pattern@0
path iterdir: names_in self
path walk: walk self
path exists is_file is_dir is_symlink stat lstat is_mount samefile owner group readlink: look self
path expanduser: expanduser_path
path resolve absolute: samepath self
path joinpath: join_path
path with_name: with_name
path with_suffix with_stem: with_suffix
path relative_to is_relative_to match as_posix as_uri is_absolute: part_of
file write writelines read readline readlines seek tell flush close readinto fileno isatty getvalue: handle
file truncate: opaque
file writerow writerows writeheader savefig infodict: handle
response read json iter_content iter_lines raise_for_status close decode getcode geturl info readlines: handle
session get head options: fetch url -> response
session post put patch delete: send url -> response
session request: request_by method url -> response
session close mount aclose: handle
socket connect sendto connect_ex: sendhost address
socket send sendall: sendhost
socket close settimeout setsockopt: handle
socket bind listen accept: serve
mailer sendmail send_message: sendhost
mailer starttls login quit ehlo close connect: handle
database execute executemany executescript: sql sql -> database
database cursor commit rollback close fetchall fetchone fetchmany: same
archive extractall extract: unpack_in path
archive write add: put filename
archive writestr close printdir getinfo: handle
archive namelist infolist testzip getnames getmembers open read: handle
process communicate wait poll: handle
process kill terminate send_signal: end
processes kill terminate send_signal suspend: end
processes name exe cpu_percent memory_percent memory_info status username cmdline create_time as_dict children: handle
processes oneshot is_running pid info nice connections parent num_threads: handle
pdf write: writeopt stream
pdf append merge: pdf_append fileobj
pdf add_page add_metadata encrypt add_outline_item append_pages_from_reader insert_page close: handle
config read read_file: read_config filenames
config write: dump_self fp
ipython system getoutput: shell cmd
ipython run_line_magic: magic name line
ipython run_cell_magic: cell_magic name line cell
pool submit: later target
pool map starmap imap apply apply_async: later target
pool shutdown close join result as_completed: handle
request add_header: handle
"""

ACTS: dict[tuple[str, str], Entry] = {
    (names[0], method): entry for names, entry in entries(_ACTS) for method in names[1:]
}

#: The kinds whose methods act by their name alone, whatever they are called on.
ANYWHERE: dict[str, Entry] = {
    method: entry
    for (on, method), entry in ACTS.items()
    if on in ("frame", "path", "socket", "mailer", "processes", "database", "archive") and entry.verb != "handle"
} | {method: Entry("send", (("url", 0),), "response") for method in ("post", "patch")}

_ACTING = names_in("delete write writeopt sqlwrite move make change link send sendhost end opaque sql expression")

#: Names that only what acts has: a library's function of such a name is not taken to compute.
ACTING = frozenset(method for method, entry in ANYWHERE.items() if entry.verb in _ACTING) | names_in(
    "open save dump load run system popen urlopen download fetch main exec test"
)
#: How the names of functions begin that are there to act, in libraries that else compute.
ACTING_BEGINS = ("write_", "save_", "dump_", "export_", "upload_", "download_", "clear_", "delete_", "send_", "fetch_")

#: What writes a file even where none is named.
IN_PLACE = (".save", ".saveas", ".save_as", ".savefig", ".dump")
#: What libraries call the file that they write.
TARGETS = (
    *("path", "file", "path_or_buf", "fname", "fp", "buf", "filename", "filepath", "excel_writer", "stream", "name"),
    *("dest", "output", "**"),
)

_INERT: tuple[type, ...] = (
    *(str, bytes, bytearray, list, tuple, dict, set, frozenset, int, float, complex, range, slice),
    *(re.Pattern, re.Match, collections.Counter, collections.deque, collections.defaultdict),
)


def inert(name: str) -> bool:
    """Whether it is a method of values that hold nothing but data."""
    return name in _OF_BUILTINS or name in _of_modules()


def _names(kinds: tuple[type, ...]) -> frozenset[str]:
    return frozenset(name for kind in kinds for name in dir(kind) if not name.startswith("_"))


_OF_BUILTINS = _names(_INERT)


@cache
def _of_modules() -> frozenset[str]:
    import datetime
    import decimal
    import fractions
    import uuid

    kinds = (datetime.datetime, datetime.timedelta, datetime.date, datetime.time)
    return _names((*kinds, decimal.Decimal, fractions.Fraction, uuid.UUID))


#: Names of inert methods that do more where what they are called on is a module, a path or a connection.
AMBIGUOUS = names_in(
    """
    replace copy get head options move search write open run send put load delete submit
    """
)

COMPUTES = names_in(
    """
    head tail describe info sample shape dtypes columns groupby agg aggregate apply applymap map transform pipe
    sum mean median mode std var sem quantile nunique unique value_counts cumsum cumprod cummax cummin diff
    pct_change rolling expanding ewm resample rank corr cov corrwith sort_values sort_index reset_index
    set_index reindex rename_axis drop drop_duplicates duplicated dropna fillna ffill bfill interpolate isna
    isnull notna notnull astype convert_dtypes infer_objects to_numpy to_dict to_list tolist to_records to_frame
    to_period to_timestamp to_datetime to_pydatetime isin between where mask clip abs round nlargest nsmallest
    idxmax idxmin argmax argmin argsort melt pivot pivot_table stack unstack explode merge concat assign loc
    iloc at iat filter select_dtypes iterrows itertuples get_group ngroups first last nth size any all prod
    product crosstab cut qcut mul div floordiv mod pow dot matmul combine_first equals memory_usage squeeze
    swaplevel xs tz_localize tz_convert day_name month_name floor ceil dayofweek contains extract extractall len
    slice cat get_dummies wrap repeat pad reshape ravel flatten transpose swapaxes fill nonzero searchsorted
    take put_along diagonal trace conj tobytes item itemset view newbyteorder ptp compress choose resize
    byteswap plot hist bar barh scatter pie box boxplot line area density kde hexbin imshow show subplots
    subplot add_subplot set_title set_xlabel set_ylabel set_xlim set_ylim set_xticks set_yticks set_xticklabels
    set_yticklabels legend grid xlabel ylabel xticks yticks tight_layout suptitle figure axhline axvline
    annotate text twinx twiny fill_between errorbar stem contour contourf colorbar tick_params spines
    set_visible axis invert_yaxis invert_xaxis set_facecolor set_color set_linewidth autofmt_xdate get_figure
    get_legend gca gcf cla clf bar_label set_aspect update_layout update_traces update_xaxes update_yaxes
    add_trace add_vline add_hline add_annotation xaxis yaxis set_major_formatter set_major_locator
    set_minor_locator set_rotation get_xticklabels get_yticklabels set set_theme despine add_patch add_artist
    set_xscale set_yscale semilogx semilogy loglog violinplot streamplot quiver set_fontsize fit predict
    fit_transform score predict_proba inverse_transform fit_predict summary forecast get_params coef_
    feature_importances_ partial_fit decision_function cross_val_score labels_ cluster_centers_ find_all select
    select_one get_text find_next find_parent find_next_sibling prettify decompose children strings
    stripped_strings descendants parents next_siblings attrs has_attr css xpath iter itertext findtext getroot
    crop convert thumbnail getpixel putpixel paste getdata getbbox getexif verify load histogram getcolors point
    alpha_composite rectangle ellipse polygon textbbox textsize arc chord rounded_rectangle truetype
    multiline_text enhance autocontrast grayscale invert equalize add_heading add_paragraph add_run add_table
    add_row add_column add_picture add_page_break create_sheet cell merge_cells iter_rows iter_cols add_chart
    set_categories add_data active extract_text pages add_page add_font set_font multi_cell set_fill_color
    add_slide add_textbox localize hexdigest digest choice choices randint random shuffle uniform normal
    standard_normal integers permutation randn rand compile has_option has_section sections options getint
    getfloat getboolean add_section get_section set_option add_node add_edge add_edges_from add_nodes_from nodes
    edges degree neighbors number_of_nodes number_of_edges subs evalf integrate solve factor simplify doit
    lambdify n as_expr free_symbols add_argument parse_args print_help print print_table add_rows get_string
    set_postfix set_description close quit submit done result gather wait acquire release debug warning error
    critical exception setLevel addHandler getLogger log success feed handle_data getvalue writerow writerows
    writeheader attach add_header set_content set_payload as_string get_payload walk get_content with_traceback
    add_note cursor fetchall fetchone fetchmany over monthdayscalendar itermonthdays itermonthdates
    monthdatescalendar formatmonth substitute safe_substitute alias collect lazy with_columns group_by pl col
    lit sort_by unnest limit rows row estimated_size glimpse null_count
    asfreq toprettyxml toxml say runAndWait setProperty
    parse getnframes getframerate getnchannels getsampwidth getparams readframes extract_table extract_tables
    extract_words within_bbox mark_bar mark_line mark_point mark_area mark_circle mark_rect mark_arc mark_boxplot
    encode properties interactive transform_filter transform_calculate to_date_string to_datetime_string
    to_time_string to_formatted_date_string diff_for_humans in_timezone in_days humanize shift get_body
    iter_attachments get_filename get_content_type decoded model_dump model_dump_json model_validate
    model_validate_json model_copy dict json to magnitude to_base_units backward zero_grad step parameters detach
    unsqueeze permute no_grad history df pl fetchdf fetchnumpy partition_by over to_series to_pandas is_in
    is_null is_not_null fill_null drop_nulls with_row_index group_by_dynamic join_asof cum_sum n_unique top_k
    """
)
