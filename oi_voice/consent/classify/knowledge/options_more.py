"""Options of programs that do more than read, of git and of package managers; as in ``options``."""

from __future__ import annotations

_AWK = "F:v: field-separator: assign: posix re-interval traditional characters-as-bytes csv"
_PACKS = "123456789cdfkltqrvT:h stdout decompress keep list test quiet verbose fast best force threads: recursive"

ACTORS = {
    # with a handler of their own
    **dict.fromkeys(
        ("sed", "gsed"),
        "nErsuzie:f:l: quiet silent regexp-extended expression: file: in-place separate posix "
        "null-data sandbox debug line-length:",
    ),
    **dict.fromkeys(("awk", "gawk", "mawk", "nawk"), _AWK),
    "date": "d:f:I:jnr:Rs:uv: date: reference: iso-8601 rfc-3339: rfc-email utc universal set: debug",
    "seq": "f:s:w separator: format: equal-width",
    "bc": "lqsiw mathlib quiet standard",
    "dc": "e:f:",
    "nproc": "- all ignore:",
    "uname": "amnrsvpio all kernel-name kernel-release machine operating-system",
    "id": "agGnruzZ user group groups name real",
    "dirname": "z",
    "basename": "as:z suffix: multiple",
    "pwd": "LP",
    "tar": """
        cxtruAzjJvkpahOSUmf:C:X:T:b: create extract get list append update file: directory: gzip bzip2 xz zstd
        auto-compress verbose exclude: exclude-from: exclude-vcs strip-components: keep-old-files skip-old-files
        keep-newer-files to-stdout files-from: remove-files overwrite unlink-first totals wildcards no-same-owner
        transform: one-file-system dereference checkpoint: checkpoint-action: use-compress-program: to-command:
        info-script: rsh-command: ignore-failed-read exclude-vcs-ignores numeric-owner sort: mtime: owner: group:
    """,
    "unzip": "lnotvpqqjLCabd:x:Z",
    "zip": "rqvjmdueT9876543210yX@x:i:n:t:b:P: exclude: recurse-paths quiet delete move",
    **dict.fromkeys(("gzip", "gunzip", "bzip2", "bunzip2", "xz", "unxz", "zstd", "unzstd", "lz4"), _PACKS),
    "wget": """
        cqvndSNbrmkpELHKxO:P:U:t:T:w:l:R:A:o:a:Q:D:I:X:e:i: quiet verbose no-verbose continue output-document:
        directory-prefix: user-agent: tries: timeout: wait: recursive mirror convert-links page-requisites no-parent
        no-clobber spider show-progress progress: header: no-check-certificate level: accept: reject: post-data:
        post-file: body-data: body-file: method: user: password: http-user: http-password: referer: timestamping
        server-response output-file: append-output: limit-rate: max-redirect: random-wait adjust-extension https-only
        content-disposition trust-server-names input-file: execute: inet4-only inet6-only
    """,
    "yt-dlp": """
        f:o:P:xFkiqvwcS: output: format: paths: extract-audio audio-format: audio-quality: list-formats no-playlist
        yes-playlist simulate quiet verbose continue no-overwrites force-overwrites get-title get-url get-duration
        print: dump-json write-subs write-auto-subs sub-langs: embed-subs embed-thumbnail embed-metadata write-thumbnail
        merge-output-format: recode-video: remux-video: no-progress playlist-items: playlist-start: playlist-end:
        skip-download restrict-filenames match-filter: limit-rate: format-sort: flat-playlist no-warnings newline
    """,
    "youtube-dl": "f:o:xFkiqvwc output: format: extract-audio audio-format: audio-quality: no-playlist list-formats",
    "aria2c": "d:o:x:s:k:ncqj: dir: out: continue quiet allow-overwrite max-connection-per-server: split: "
    "max-concurrent-downloads: seed-time: auto-file-renaming file-allocation: check-certificate",
    "node": "e:p:ce:hi eval: print: check input-type:",
    "ruby": "e:wWvnpalF:s0",
    "Rscript": "e: vanilla no-save no-restore slave quiet",
    "ping": "46AabdDfLnOqrRUvVBc:i:I:l:m:M:p:Q:s:S:t:T:w:W:e:",
    "dig": "46x:t:c:p:q:b:mv",
    "host": "46aCdilnrsTvwt:c:W:R:N:",
    "nslookup": "- -type=mx -type=txt -type=ns -type=a -type=aaaa -query=mx -query=txt -query=any -type=any",
    "ip": "046acdhjoprstN Numeric brief color details stats oneline json pretty resolve human-readable "
    "-br -brief -c -color -4 -6 -s -stats -d -details -o -oneline -j -json -p -pretty -h -a -all -t -ts -N",
    "split": "ab:C:de:l:n:xt:u suffix-length: bytes: lines: number: numeric-suffixes additional-suffix: verbose",
    "csplit": "b:f:kn:sz prefix: digits: quiet elide-empty-files suffix-format:",
    "sqlite3": "- -header -noheader -csv -json -column -line -list -markdown -table -box -html -tabs -readonly "
    "-separator: -nullvalue: -newline: -batch -bail -echo -quote -safe -cmd: -init: header csv json column",
    "cp": "abdfHiLlnPpRrsTuvxZt: archive recursive no-clobber update verbose force interactive link symbolic-link "
    "preserve no-preserve: target-directory: no-target-directory reflink sparse: parents dereference one-file-system",
    "mv": "finTuvt: force interactive no-clobber update verbose target-directory: no-target-directory",
    "ln": "fnrsvTL symbolic force relative verbose no-dereference no-target-directory interactive i",
    "install": "Ddvpm:o:g:t: directory mode: owner: group: target-directory: preserve-timestamps verbose",
    "tee": "aip append ignore-interrupts",
    "truncate": "cors:r: no-create size: reference: io-blocks",
}

#: git's words; those of ``log`` are also those of what shows changes.
_LOG = """
    pqustzvn:S:G:L:M:C:U:i oneline graph all stat shortstat numstat name-only name-status summary patch no-patch
    since: until: after: before: author: committer: grep: format: pretty: decorate no-decorate abbrev-commit
    abbrev: date: relative-date max-count: skip: reverse follow merges no-merges first-parent color no-color cached
    staged word-diff color-words unified: ignore-all-space ignore-space-change ignore-blank-lines diff-filter: branches
    tags remotes topo-order date-order no-ext-diff no-textconv exit-code quiet check find-renames no-renames text
    no-index left-right cherry-pick minimal histogram patience no-pager invert-grep dirstat compact-summary wbE
"""
_COMMIT = (
    "aemF:qvnpuC:sm: message: all amend no-edit no-verify allow-empty quiet verbose dry-run signoff file: author: date:"
)
GIT = {
    **dict.fromkeys(("log", "diff", "show", "whatchanged", "shortlog", "reflog", "rev-list"), _LOG + " nse numbered "
    "email w count"),
    "status": "sbuvz short branch porcelain long untracked-files ignored verbose show-stash",
    "blame": "L:wMCltfenspb line-porcelain porcelain date: show-email root since:",
    "describe": "- tags always all dirty abbrev: long match: exact-match contains first-parent",
    "ls-files": "cdmoszituk cached deleted modified others exclude-standard stage full-name ignored error-unmatch",
    "ls-tree": "drtlz name-only long full-tree full-name",
    "cat-file": "ptse",
    "rev-parse": "- abbrev-ref short show-toplevel is-inside-work-tree git-dir verify symbolic-full-name show-prefix "
    "is-bare-repository all quiet short",
    "grep": "niIwvlLcEGFPoheA:B:C:hpWqe: count line-number ignore-case word-regexp files-with-matches cached untracked "
    "heading break show-function extended-regexp fixed-strings perl-regexp color no-index max-depth: and or not",
    "count-objects": "vH verbose human-readable",
    "name-rev": "- name-only tags all",
    "merge-base": "- is-ancestor all fork-point octopus",
    "check-ignore": "vqnz verbose no-index",
    "for-each-ref": "- sort: format: count: merged: no-merged: contains: points-at:",
    "show-ref": "dqs heads tags head verify hash",
    "cherry": "v",
    "var": "l",
    "version": "- build-options",
    "help": "ag all guides",
    "add": "AuNnvfp all update intent-to-add dry-run verbose force patch",
    "commit": _COMMIT,
    "init": "qb: quiet bare initial-branch:",
    "stash": "ukqpam:S message: include-untracked all keep-index quiet patch staged index",
    "tag": "ladfnm:v:n message: annotate delete list force sort: contains: merged: points-at:",
    "branch": "avrdDmMcCfqlu: all verbose remotes delete move copy list show-current merged no-merged contains sort: "
    "format: set-upstream-to: unset-upstream force track no-track quiet edit-description",
    "switch": "cCdfqt: create force-create detach force quiet guess no-guess track orphan: discard-changes",
    "worktree": "bBdfv force detach porcelain dry-run verbose expire:",
    "notes": "fm:F: message: force",
    **dict.fromkeys(("revert", "cherry-pick", "merge", "am"), "enxm:s:Xq no-edit no-commit abort continue skip quit "
    "squash no-ff ff-only ff message: mainline: edit strategy-option: quiet stat no-stat verbose allow-empty signoff"),
    "apply": "Rv3p:N stat check reverse index cached 3way verbose numstat summary",
    "mv": "fknv",
    "clone": "qvb:o:ln depth: branch: single-branch no-tags bare mirror origin: quiet verbose shallow-since: progress "
    "no-checkout filter: local no-local sparse",
    "fetch": "apqtvfnk all prune tags quiet verbose force depth: dry-run unshallow prune-tags no-tags progress append",
    "pull": "qvrfnpt rebase no-rebase ff-only ff no-ff quiet verbose all prune tags no-edit autostash no-commit depth: "
    "squash force progress allow-unrelated-histories",
    "remote": "v verbose",
    "config": "lz get get-all list global local system show-origin show-scope unset unset-all add edit e name-only "
    "type: default: null remove-section rename-section bool int path get-regexp",
    "checkout": "bBfqtmp force quiet track detach ours theirs merge patch orphan:",
    "restore": "sSWqp source: staged worktree quiet patch ours theirs",
    "submodule": "q quiet",
}  # fmt: skip

#: Package managers: options that leave where packages come from, and what is run, as they are.
INSTALLS = """
    ygqUDSEPeOlfvhr:c:n:t: yes assume-yes quiet global save save-dev save-exact user upgrade no-cache-dir requirement:
    no-input installed outdated upgradable all json depth: dev cask formula force version: pre classic noconfirm needed
    fix-broken no-install-recommends dry-run simulate purge format: app no-deps only-upgrade force-reinstall
    disable-pip-version-check break-system-packages legacy-peer-deps omit: name: long group: editable list-files
    all-versions versions frozen python: channel: production silent verbose no-audit no-fund
    -S -Sy -Syu -U -R -Rs -Rns -Q -Qi -Ql -Ss -Si -ivh -Uvh -qa -qi -ql listfiles search status remove install u
"""
