"""Words of Ruby, R, PowerShell and AppleScript that are understood: those that act, and those that only compute.

Sources: Ruby's core reference, R's base, stats and utils manuals, Microsoft's cmdlet reference, Apple's AppleScript
Language Guide.
"""

from __future__ import annotations

from oi_voice.consent.classify.knowledge import names_in, verbs

#: Verb by full name; the first text in the brackets, or behind the name, is the path or the address.
RUBY = verbs(
    """
    File.read File.readlines File.foreach IO.read IO.readlines CSV.read CSV.foreach: read
    CSV.table YAML.load_file JSON.load_file JSON.parse_file File.binread: read
    File.write IO.write File.binwrite File.truncate: write
    File.open File.new open CSV.open IO.open: open
    File.delete File.unlink FileUtils.rm FileUtils.rm_f FileUtils.rm_r: delete
    FileUtils.rm_rf FileUtils.remove_dir Dir.rmdir Dir.delete Dir.unlink : delete
    FileUtils.remove FileUtils.remove_entry FileUtils.rmtree FileUtils.remove_file FileUtils.safe_unlink: delete
    Dir.mkdir FileUtils.mkdir FileUtils.mkdir_p FileUtils.makedirs: make
    Dir Dir.entries Dir.children Find.find Dir.glob Dir.each_child Dir.exist?: names
    FileUtils.touch: append
    FileUtils.mv FileUtils.move File.rename: move
    FileUtils.cp FileUtils.cp_r FileUtils.copy FileUtils.copy_file FileUtils.install: copy
    Dir.chdir FileUtils.cd: enter
    system exec spawn Kernel.system Kernel.exec Kernel.spawn IO.popen Open3.capture2 Open3.capture3: shell
    eval instance_eval class_eval module_eval Kernel.eval: code
    Process.kill: end
    ENV: secrets
    Net::HTTP.get URI.open Net::HTTP.get_response: fetch
    Net::HTTP.post Net::HTTP.post_form: send
    TCPSocket.new TCPSocket.open UDPSocket.new Net::SMTP.start Net::FTP.new Net::FTP.open: sendhost
    """
)
#: Methods that act whatever they are called on, unless its name is known.
RUBY_METHODS = verbs(
    """
    delete unlink rmtree rmdir: delete
    post_form post put patch: send
    kill: end
    """
)
#: Methods of files, folders and formats that name or compute, and neither read nor write.
RUBY_HARMLESS = names_in(
    """
    basename extname dirname join exist exist? file directory size mtime expand_path home pwd parse generate
    pretty_generate dump
    """
)
RUBY_WORDS = names_in(
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
    parse strftime year month day hour minute sec wday yday iso8601 generate pretty_generate new basename
    extname dirname exist? file? directory? mtime expand_path home pwd hexdigest hex uuid succ ord chr bytes
    chars lines freeze frozen? dup clone nil? is_a? respond_to? between? clamp cycle lazy each_entry rotate
    sample shuffle transpose product combination permutation values_at assoc message full_message headers row
    prime? prime_division digits bit_length encode encoding unpack1 squeeze delete_if keep_if reject! select!
    tap with_index with_object entries default to_proc call URI
    """
)

R = verbs(
    """
    read.csv read.table read.delim read_csv read_excel readLines readRDS scan read_tsv fread read.csv2: read
    readChar readBin file.show fromJSON: read
    list.files dir list.dirs file.info file.exists file.size dir.exists Sys.glob: names
    write.csv write.table write_csv saveRDS writeLines ggsave pdf png jpeg svg fwrite save sink cat: write
    file.create save.image dump dput write write.csv2 write_tsv write_xlsx bmp tiff: write
    file.append: append
    file.remove unlink: delete
    dir.create: make
    file.rename: move
    file.copy: copy
    setwd: enter
    system shell system2 pipe shell.exec: shell
    install.packages remotes.install_github: install
    download.file: download
    GET url: fetch
    POST PUT PATCH DELETE: send
    socketConnection: sendhost
    """
)
R_WORDS = names_in(
    """
    if else for while repeat function return next break in TRUE FALSE NULL NA NaN Inf c list vector matrix array
    data.frame factor levels length nrow ncol dim names colnames rownames head tail str summary print cat paste
    paste0 sprintf format mean median sd var min max sum prod range quantile cumsum cumprod diff rev sort order
    rank unique table tabulate cut which which.max which.min any all is.na is.null is.numeric is.character
    is.function na.omit complete.cases ifelse switch seq seq_len seq_along rep unlist URLencode URLdecode rapply
    fromJSON toJSON prettify Encoding enc2utf8 close flush file numeric character logical integer double
    as.numeric as.character as.integer as.factor as.Date as.POSIXct as.data.frame as.vector as.matrix Sys.time
    Sys.Date Sys.getenv Sys.sleep difftime strftime strptime months weekdays round floor ceiling sqrt exp log
    log2 log10 abs sin cos tan trunc signif toupper tolower nchar substr substring strsplit gsub sub grepl grep
    regmatches gregexpr trimws startsWith endsWith rbind cbind merge aggregate tapply sapply lapply vapply
    mapply apply outer with within subset transform stack by split unsplit do Reduce Filter Map plot lines
    points hist barplot boxplot pie abline legend text title axis par layout curve pairs density dev.off mtext
    polygon grid lm glm anova predict residuals fitted coef cor cor.test t.test wilcox.test chisq.test
    shapiro.test aov TukeyHSD nls optim kmeans hclust dist prcomp cutree rnorm runif rbinom rpois sample
    set.seed dnorm pnorm qnorm choose factorial library require suppressPackageStartupMessages invisible message
    warning stop tryCatch stopifnot nlevels crossprod solve det diag t eigen svd colMeans rowMeans colSums
    rowSums scale sweep setdiff union intersect is.element Negate identity expand.grid object.size class typeof
    inherits attributes attr exists filter select mutate arrange group_by summarise summarize ungroup left_join
    inner_join full_join count n distinct pull slice rename across everything desc case_when pivot_longer
    pivot_wider drop_na ggplot aes geom_point geom_line geom_bar geom_histogram geom_boxplot geom_col
    geom_smooth labs theme theme_minimal theme_bw facet_wrap facet_grid scale_x_date ggtitle xlab ylab ymd mdy
    dmy year month day hour str_detect str_replace str_replace_all str_split str_to_lower
    str_to_upper str_to_title str_trim str_extract str_extract_all str_match
    str_count str_sub str_length str_c str_remove str_remove_all
    tibble basename dirname
    file.path normalizePath getwd tools path.expand bitwAnd Recall sessionInfo R.version.string
    """
)

POWERSHELL = verbs(
    """
    get-content import-csv get-filehash gc type cat format-hex import-clixml: read
    get-childitem gci dir ls get-item test-path resolve-path: names
    remove-item ri del rm rmdir rd erase clear-content clear-item clc cli: delete
    clear-recyclebin remove-itemproperty remove-service remove-localuser rp: delete
    set-content out-file export-csv export-clixml sc epcsv tee-object tee: write
    add-content ac: append
    new-item ni mkdir md: make
    move-item mi mv move rename-item rni ren: move
    copy-item ci cp copy cpi: copy
    set-location sl cd push-location pop-location: enter
    invoke-webrequest iwr invoke-restmethod irm curl wget: fetch
    send-mailmessage: send
    resolve-dnsname test-connection test-netconnection: resolve
    select-string sls: search
    stop-process kill spps stop-computer restart-computer taskkill shutdown: end
    install-module install-package update-module: install
    start-process start saps invoke-item ii: opens
    set-itemproperty new-itemproperty set-service sp: settings
    register-scheduledtask new-service schtasks: startup
    format-volume clear-disk initialize-disk diskpart set-executionpolicy set-mppreference: system
    set-clipboard scb: clipboard
    invoke-expression iex: code
    """
)
#: Methods, and functions of .NET's classes, that act.
POWERSHELL_ACTS = verbs(
    """
    delete io.file.delete io.directory.delete: delete
    kill: end
    downloadstring downloaddata getstringasync: fetch
    downloadfile: download
    uploadstring uploadfile uploaddata uploadvalues postasync putasync sendasync: send
    io.file.readalltext io.file.readalllines io.file.readallbytes: read
    io.file.writealltext io.file.writealllines io.file.writeallbytes io.file.create io.file.openwrite: write
    io.file.appendalltext io.file.appendalllines: append
    io.file.copy: copy
    io.file.move io.directory.move: move
    io.directory.createdirectory: make
    io.directory.getfiles io.directory.enumeratefiles io.file.exists: names
    diagnostics.process.start: shell
    environment.getenvironmentvariables: secrets
    net.dns.gethostaddresses net.dns.gethostentry: resolve
    """
)
POWERSHELL_WORDS = names_in(
    """
    get-process get-service get-date get-location get-computerinfo get-psdrive get-volume get-disk
    get-ciminstance get-wmiobject get-netipaddress get-netadapter get-host get-command get-help get-member
    get-history get-variable get-random get-culture get-timezone get-hotfix get-eventlog get-winevent get-uptime
    get-clipboard get-unique get-package get-localuser get-acl get-counter get-itemproperty get-alias get-module
    get-printer where-object where foreach-object foreach select-object
    select sort-object sort group-object group measure-object measure format-table ft format-list fl format-wide
    out-string out-host out-null out-gridview write-output write-host write-verbose write-warning write-error
    echo compare-object convertto-json convertfrom-json convertto-csv convertfrom-csv convertto-html join-path
    split-path start-sleep new-timespan new-guid measure-command clear-host cls pwd gl gps ps gsv gcim if else
    elseif for while do switch function param return break continue try catch finally throw begin process end in
    default set-alias new-alias hostname whoami ipconfig systeminfo tasklist read-host new-object
    """
)
#: Options whose value is no path.
POWERSHELL_VALUED = names_in(
    """
    -filter -include -exclude -encoding -itemtype -name -value -method -body -delimiter -depth -headers -contenttype
    -scope -repository -credential -timeoutsec -outfile -destination -newname -uri -argumentlist
    -proxy -computername -server -count -type -first -totalcount -tail
    """
)
#: Programs that are the same in every shell.
POWERSHELL_PROGRAMS = names_in(
    "git docker winget choco pip pip3 npm yarn pnpm conda cargo uv gem brew kubectl gh aws az"
)
POWERSHELL_METHODS = names_in(
    """
    tostring toupper tolower trim trimstart trimend split replace substring contains startswith endswith indexof
    padleft padright adddays addhours addminutes addmonths addyears count length format round floor ceiling max
    min sqrt pow abs now today utcnow parse join combine getfilename getextension getdirectoryname getfolderpath
    newguid isnullorempty compareto equals gettype foreach where tochararray insert remove
    dayofweek dayofyear timeofday totaldays totalhours totalminutes days
    """
)

APPLESCRIPT = verbs(
    """
    delete empty erase: delete
    keystroke key click perform: screen
    quit shut restart: end
    send: send
    open activate launch reveal: opens
    make duplicate: create
    move save close: change
    """
)
APPLESCRIPT_WORDS = names_in(
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
    playlist visible track tracks artist album player state position bounds tab tabs url active selected selection
    clipboard info for short formatted posix alias while until exit through thru copy random
    """
)
