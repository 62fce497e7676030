"""JavaScript's functions that are understood. Sources: MDN's reference and Node.js' documentation.

``CALLS`` are by full name, as in ``python_calls``: the verb, then where in the arguments the path or address stands.
"""

from __future__ import annotations

from oi_voice.consent.classify.knowledge import names_in, verbs

_ACTS = """
fs.readFileSync fs.readFile fs.createReadStream fs.openAsBlob fs.readJsonSync fs.readJson: read
fs.readdirSync fs.readdir fs.opendirSync fs.globSync: names
glob glob.glob glob.globSync glob.sync fast-glob fast-glob.sync fast-glob.glob globby.globby globby.globbySync: names
xlsx.readFile xlsx.readFileSync: read
fs.existsSync fs.statSync fs.stat fs.lstatSync fs.lstat fs.accessSync fs.access fs.realpathSync fs.readlinkSync: look
fs.statfsSync fs.exists: look
fs.openSync fs.open: open
fs.closeSync fs.close fs.fsyncSync fs.readSync fs.writeSync fs.write: pure
fs.writeFileSync fs.writeFile fs.createWriteStream fs.truncateSync fs.truncate: write
fs.outputFileSync fs.outputFile fs.writeJsonSync fs.writeJson: write
fs.appendFileSync fs.appendFile: append
fs.unlinkSync fs.unlink fs.rmSync fs.rm fs.rmdirSync fs.rmdir: delete
fs.removeSync fs.remove fs.emptyDirSync fs.emptyDir fs.emptydir: delete
fs.renameSync fs.rename fs.moveSync fs.move: move
fs.copyFileSync fs.copyFile: copy
fs.cpSync fs.cp fs.copySync fs.copy: merge
fs.mkdirSync fs.mkdir fs.mkdtempSync fs.ensureDirSync fs.ensureDir fs.mkdirpSync: make
fs.chmodSync fs.chmod fs.chownSync fs.utimesSync: change
fs.symlinkSync fs.symlink fs.linkSync: link
child_process.execSync child_process.exec: shell
child_process.spawnSync child_process.spawn child_process.execFileSync child_process.execFile: argv
child_process.fork: unknown
process.chdir: enter
process.kill process.abort: end
process.exit process.cwd process.uptime process.memoryUsage process.hrtime process.nextTick process.stdout.write: pure
process.stderr.write process.on process.hrtime.bigint process.cpuUsage process.emitWarning: pure
fetch http.get https.get axios.get axios.head axios node-fetch got ky.get superagent.get: fetch
axios.post axios.put axios.patch axios.delete axios.request http.request https.request superagent.post: send
navigator.sendBeacon ky.post got.post: send
http.createServer https.createServer net.createServer dgram.createSocket: unknown
net.connect net.createConnection tls.connect nodemailer.createTransport: sendhost
WebSocket: send
dns.lookup dns.resolve dns.resolve4 dns.resolve6 dns.resolveTxt dns.resolveAny dns.resolveMx dns.reverse: resolve
eval Function vm.runInNewContext vm.runInThisContext vm.Script vm.compileFunction: code
open opn: opens
"""

CALLS = verbs(_ACTS)

#: Modules that are another one and more.
ALSO = {"fs-extra": "fs", "graceful-fs": "fs", "undici": "axios", "cross-fetch": "node-fetch"}

#: Objects and modules of which every function computes.
PURE = names_in(
    """
    console Math JSON Object Array String Number Boolean Date RegExp Map Set WeakMap WeakSet Symbol BigInt
    Promise Intl Error TypeError RangeError path os util url querystring assert crypto events URL
    URLSearchParams Buffer TextEncoder TextDecoder performance lodash _ moment dayjs date-fns luxon uuid chalk
    mathjs simple-statistics d3 perf_hooks timers string_decoder csv-parse csv-parse/sync papaparse Int8Array
    Uint8Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigUint64Array DataView ArrayBuffer
    readline cheerio table cli-table3 fast-xml-parser js-yaml ms process color yargs minimist commander
    timers/promises stream stream/promises structuredClone tty zlib AbortController Iterator xlsx
    systeminformation pdf-parse
    """
)

#: Of those, what does more than compute.
NOT = names_in(
    """
    xlsx.writeFile xlsx.writeFileXLSX xlsx.writeFileAsync xlsx.writeFileSync xlsx.set_fs
    util.promisify.custom process.binding process.dlopen process.setuid process.setgid process.umask
    process.send process.mainModule process.report Object.setPrototypeOf Object.defineProperty
    Object.defineProperties Object.getPrototypeOf Object.getOwnPropertyDescriptor os.setPriority
    crypto.setEngine process.reallyExit url.resolve.x process.getBuiltinModule process.setSourceMapsEnabled
    process.loadEnvFile process.disconnect Object.assign.prototype
    """
)

GLOBALS = names_in(
    """
    parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent encodeURI decodeURI escape unescape
    atob btoa setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask
    structuredClone require
    """
)

KEYWORDS = names_in(
    """
    if for while switch catch function return typeof instanceof in of new delete void await async yield throw
    case do else const let var class extends super this import export default from try finally break continue
    static get set null true false undefined NaN Infinity with debugger
    """
)

#: Methods of values that hold data, and of promises, streams and tables.
METHODS = names_in(
    """
    log error warn info table debug trace time timeEnd group groupEnd dir assert count map filter reduce
    reduceRight forEach find findIndex findLast findLastIndex some every includes indexOf lastIndexOf push pop
    shift unshift splice slice concat join reverse sort flat flatMap fill keys values entries at copyWithin
    toSorted toReversed toSpliced with isArray from of charAt charCodeAt codePointAt split substring substr trim
    trimStart trimEnd padStart padEnd repeat replace replaceAll match matchAll search startsWith endsWith
    toUpperCase toLowerCase toLocaleUpperCase toLocaleLowerCase localeCompare normalize toString toFixed
    toPrecision toExponential toLocaleString toLocaleDateString toLocaleTimeString valueOf toISOString toJSON
    toDateString toTimeString toUTCString getTime getFullYear getMonth getDate getDay getHours getMinutes
    getSeconds getMilliseconds getTimezoneOffset setFullYear setMonth setDate setHours setMinutes setSeconds
    getUTCFullYear getUTCMonth getUTCDate getUTCDay getUTCHours getUTCMinutes setTime setUTCHours setUTCDate get
    set has add clear delete size forEach test exec then catch finally resolve reject all allSettled race any
    next return throw json text arrayBuffer blob formData update digest format formatToParts on once off
    isDirectory isFile emit isSymbolicLink question close prompt hasOwnProperty isPrototypeOf append getAll
    sortBy groupBy setEncoding pipe toArray each attr html first last eq children parent closest diff startOf
    endOf isBefore isAfter isSame year month date day hour minute second subtract readUInt8 readUInt16LE
    readUInt32LE readInt32LE fromWeb toWeb equals compare setInterval unref ref resume pause
    sheet_to_json sheet_to_csv decode_range encode_cell
    """
)
