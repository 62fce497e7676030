"""Words of Ruby, R, PowerShell and AppleScript that are understood: those that act, and those that only compute.

Sources: Ruby's core reference, R's base, stats and utils manuals, Microsoft's cmdlet reference, Apple's AppleScript
Language Guide.
"""

from __future__ import annotations

from oi_voice.consent.classify.knowledge import listed

#: Verb by full name; the first text in the brackets, or behind the name, is the path or the address.
RUBY = {
    **dict.fromkeys(
        ("File.read", "File.readlines", "File.foreach", "IO.read", "IO.readlines", "CSV.read", "CSV.foreach"), "read"
    ),
    **dict.fromkeys(("CSV.table", "YAML.load_file", "JSON.load_file", "JSON.parse_file"), "read"),
    **dict.fromkeys(("File.write", "IO.write", "CSV.open"), "write"),
    **dict.fromkeys(("File.delete", "File.unlink", "FileUtils.rm", "FileUtils.rm_f", "FileUtils.rm_r"), "delete"),
    **dict.fromkeys(("FileUtils.rm_rf", "FileUtils.remove_dir", "Dir.rmdir", "Dir.delete", "Dir.unlink"), "delete"),
    **dict.fromkeys(("FileUtils.remove", "FileUtils.remove_entry", "FileUtils.rmtree"), "delete"),
    **dict.fromkeys(("Dir.mkdir", "FileUtils.mkdir", "FileUtils.mkdir_p"), "make"),
    **dict.fromkeys(("Dir.entries", "Dir.children", "Dir.glob", "Dir.each_child", "Dir.exist?"), "names"),
    **dict.fromkeys(("FileUtils.touch",), "append"),
    **dict.fromkeys(("FileUtils.mv", "FileUtils.move", "File.rename"), "move"),
    **dict.fromkeys(("FileUtils.cp", "FileUtils.cp_r", "FileUtils.copy"), "copy"),
    **dict.fromkeys(("Dir.chdir", "FileUtils.cd"), "enter"),
    **dict.fromkeys(("system", "exec", "spawn", "Kernel.system"), "shell"),
    **dict.fromkeys(("Net::HTTP.get", "URI.open", "Net::HTTP.get_response"), "fetch"),
    **dict.fromkeys(("Net::HTTP.post", "Net::HTTP.post_form"), "send"),
}
#: Methods of files, folders and formats that name or compute, and neither read nor write.
RUBY_HARMLESS = frozenset(
    listed(
        """
    basename extname dirname join exist exist? file directory size mtime expand_path home pwd parse generate
    pretty_generate dump
    """
    )
)
RUBY_WORDS = frozenset(
    listed(
        """
    alias and begin break case class def do else elsif end ensure false for if in module next nil not or redo
    rescue retry return self super then true undef unless until when while yield __FILE__ attr_reader
    attr_accessor attr_writer private puts print p pp printf format sprintf require require_relative raise loop
    rand srand sleep gets lambda proc Integer Float String Array Hash Rational Complex Math Time Date DateTime
    JSON CSV YAML Set Struct Comparable Enumerable Range Random PI E Prime BigDecimal Matrix SecureRandom Digest
    StandardError ArgumentError RuntimeError File Dir Pathname each each_with_index each_with_object each_slice
    each_cons each_char each_line each_key each_value each_pair map collect flat_map select filter reject find
    detect find_all reduce inject sum min max minmax min_by max_by sort sort_by uniq group_by partition chunk
    zip first last take drop take_while drop_while include? empty? any? all? none? one? count length size join
    split strip lstrip rstrip chomp chop upcase downcase capitalize swapcase reverse gsub sub tr scan match
    match? start_with? end_with? index rindex slice insert center ljust rjust to_s to_i to_f to_a to_h to_sym
    to_r to_set inspect push pop shift unshift concat flatten compact keys values key? value? has_key? fetch dig
    merge transform_values transform_keys invert sort! map! uniq! tally times upto downto step even? odd? zero?
    positive? negative? abs round floor ceil divmod gcd lcm pow sqrt sin cos tan log exp cbrt hypot now today
    parse strftime year month day hour minute min sec wday yday iso8601 generate pretty_generate new basename
    extname dirname join exist? file? directory? size mtime expand_path home pwd hexdigest hex uuid succ ord chr
    bytes chars lines freeze frozen? dup clone nil? is_a? respond_to? between? clamp cycle lazy each_entry
    rotate sample shuffle transpose product combination permutation values_at assoc message full_message headers
    row prime? prime_division digits bit_length encode encoding unpack1 squeeze delete_if keep_if reject!
    select! then tap with_index with_object entries default to_proc call
    """
    )
)

R = {
    **dict.fromkeys(
        (
            "read.csv",
            "read.table",
            "read.delim",
            "read_csv",
            "read_excel",
            "readLines",
            "readRDS",
            "scan",
            "read_tsv",
            "fread",
        ),
        "read",
    ),
    **dict.fromkeys(("list.files", "dir", "list.dirs", "file.info", "file.exists", "file.size", "dir.exists"), "names"),
    **dict.fromkeys(
        (
            "write.csv",
            "write.table",
            "write_csv",
            "saveRDS",
            "writeLines",
            "ggsave",
            "pdf",
            "png",
            "jpeg",
            "svg",
            "fwrite",
            "save",
            "sink",
        ),
        "write",
    ),
    **dict.fromkeys(("file.remove", "unlink"), "delete"),
    **dict.fromkeys(("dir.create",), "make"),
    **dict.fromkeys(("file.create",), "write"),
    **dict.fromkeys(("file.rename",), "move"),
    **dict.fromkeys(("file.copy",), "copy"),
    **dict.fromkeys(("setwd",), "enter"),
    **dict.fromkeys(("system", "shell"), "shell"),
    **dict.fromkeys(("install.packages",), "install"),
    **dict.fromkeys(("download.file",), "fetch"),
}
R_WORDS = frozenset(
    listed(
        """
    if else for while repeat function return next break in TRUE FALSE NULL NA NaN Inf c list vector matrix array
    data.frame factor levels length nrow ncol dim names colnames rownames head tail str summary print cat paste
    paste0 sprintf format mean median sd var min max sum prod range quantile cumsum cumprod diff rev sort order
    rank unique table tabulate cut which which.max which.min any all is.na is.null is.numeric is.character
    is.function na.omit complete.cases ifelse switch seq seq_len seq_along rep numeric character logical integer
    double as.numeric as.character as.integer as.factor as.Date as.POSIXct as.data.frame as.vector as.matrix
    Sys.time Sys.Date Sys.getenv Sys.sleep difftime strftime strptime months weekdays round floor ceiling sqrt
    exp log log2 log10 abs sin cos tan trunc signif toupper tolower nchar substr substring strsplit gsub sub
    grepl grep regmatches gregexpr trimws startsWith endsWith rbind cbind merge aggregate tapply sapply lapply
    vapply mapply apply outer with within subset transform stack by split unsplit do Reduce Filter Map plot
    lines points hist barplot boxplot pie abline legend text title axis par layout curve pairs density dev.off
    mtext polygon grid lm glm anova predict residuals fitted coef cor cor.test t.test wilcox.test chisq.test
    shapiro.test aov TukeyHSD nls optim kmeans hclust dist prcomp cutree rnorm runif rbinom rpois sample
    set.seed dnorm pnorm qnorm choose factorial library require suppressPackageStartupMessages invisible message
    warning stop tryCatch stopifnot nlevels crossprod solve det diag t eigen svd colMeans rowMeans colSums
    rowSums scale sweep setdiff union intersect is.element Negate identity nchar rev mapply rownames expand.grid
    object.size class typeof inherits attributes attr exists filter select mutate arrange group_by summarise
    summarize ungroup left_join inner_join full_join count n distinct pull slice rename across everything desc
    case_when pivot_longer pivot_wider drop_na ggplot aes geom_point geom_line geom_bar geom_histogram
    geom_boxplot geom_col geom_smooth labs theme theme_minimal theme_bw facet_wrap facet_grid scale_x_date
    ggtitle xlab ylab ymd mdy dmy year month day hour str_detect str_replace str_split str_to_lower str_trim
    tibble basename dirname file.path normalizePath getwd tools path.expand nlevels bitwAnd Recall sessionInfo
    R.version.string
    """
    )
)

POWERSHELL = {
    **dict.fromkeys(("get-content", "import-csv", "select-string", "get-filehash", "gc", "type"), "read"),
    **dict.fromkeys(("get-childitem", "gci", "dir", "ls", "get-item", "test-path", "resolve-path"), "names"),
    **dict.fromkeys(
        ("remove-item", "ri", "del", "rm", "rmdir", "rd", "erase", "clear-content", "clear-item"), "delete"
    ),
    **dict.fromkeys(("clear-recyclebin", "remove-itemproperty", "remove-service", "remove-localuser"), "delete"),
    **dict.fromkeys(("set-content", "out-file", "export-csv", "export-clixml", "sc"), "write"),
    **dict.fromkeys(("add-content", "ac"), "append"),
    **dict.fromkeys(("new-item", "ni", "mkdir", "md"), "make"),
    **dict.fromkeys(("move-item", "mi", "mv", "move", "rename-item", "rni", "ren"), "move"),
    **dict.fromkeys(("copy-item", "ci", "cp", "copy", "cpi"), "copy"),
    **dict.fromkeys(("set-location", "sl", "cd", "push-location", "pop-location"), "enter"),
    **dict.fromkeys(("invoke-webrequest", "iwr", "invoke-restmethod", "irm", "curl", "wget"), "fetch"),
    **dict.fromkeys(("send-mailmessage",), "send"),
    **dict.fromkeys(
        ("stop-process", "kill", "spps", "stop-computer", "restart-computer", "taskkill", "shutdown"), "end"
    ),
    **dict.fromkeys(("install-module", "install-package", "winget", "choco", "update-module"), "install"),
    **dict.fromkeys(("start-process", "start", "saps", "invoke-item", "ii"), "opens"),
    **dict.fromkeys(("set-itemproperty", "new-itemproperty", "set-service", "set-executionpolicy"), "settings"),
    **dict.fromkeys(("register-scheduledtask", "new-service", "schtasks"), "startup"),
    **dict.fromkeys(("format-volume", "clear-disk", "initialize-disk", "diskpart"), "system"),
    **dict.fromkeys(("set-clipboard", "scb"), "clipboard"),
}
POWERSHELL_WORDS = frozenset(
    listed(
        """
    get-process get-service get-date get-location get-computerinfo get-psdrive get-volume get-disk
    get-ciminstance get-wmiobject get-netipaddress get-netadapter get-host get-command get-help get-member
    get-history get-variable get-random get-culture get-timezone get-hotfix get-eventlog get-winevent get-uptime
    get-clipboard get-unique get-package get-localuser get-acl get-counter get-itemproperty get-alias get-module
    get-printer test-connection test-netconnection where-object where foreach-object foreach select-object
    select sort-object sort group-object group measure-object measure format-table ft format-list fl format-wide
    out-string out-host out-null out-gridview write-output write-host write-verbose write-warning write-error
    echo compare-object convertto-json convertfrom-json convertto-csv convertfrom-csv convertto-html join-path
    split-path start-sleep tee-object new-timespan new-guid measure-command clear-host cls pwd gl gps ps gsv
    gcim if else elseif for while do switch function param return break continue try catch finally throw begin
    process end in hostname whoami ipconfig systeminfo tasklist read-host new-object
    """
    )
)
POWERSHELL_METHODS = frozenset(
    listed(
        """
    tostring toupper tolower trim trimstart trimend split replace substring contains startswith endswith indexof
    padleft padright adddays addhours addminutes addmonths addyears count length format round floor ceiling max
    min sqrt pow abs now today utcnow parse join combine getfilename getextension getdirectoryname getfolderpath
    newguid isnullorempty compareto equals gettype foreach where tochararray insert remove
    """
    )
)

APPLESCRIPT = {
    **dict.fromkeys(("delete", "empty", "erase"), "delete"),
    **dict.fromkeys(("keystroke", "key", "click", "perform"), "screen"),
    **dict.fromkeys(("quit", "shut", "restart", "log out"), "end"),
    **dict.fromkeys(("send",), "send"),
    **dict.fromkeys(("open", "activate", "launch", "reveal"), "opens"),
    **dict.fromkeys(("make", "duplicate"), "create"),
    **dict.fromkeys(("move", "save", "close"), "change"),
}
APPLESCRIPT_WORDS = frozenset(
    listed(
        """
    tell end if then else repeat with from to by times in of the a an set get let return log display dialog
    notification alert default answer buttons button title subtitle sound name say using count every each item
    items first last front frontmost window windows document documents application applications system events
    finder process processes list text string number integer real boolean true false is are not and or equal
    equals greater less than contains starts ends as date current time string day month year weekday hours
    minutes seconds file files folder folders desktop home disk disks path size kind length character characters
    word words paragraph paragraphs result it its me my at before after into that whose where exists try error
    on run considering ignoring volume output volume settings battery info giving up cancel reverse offset some
    beginning rest div mod null missing value properties property class id version free space capacity startup
    playlist track tracks artist album player state position bounds tab tabs url active selected selection
    clipboard info for short formatted posix alias while until exit through thru copy random
    """
    )
)
