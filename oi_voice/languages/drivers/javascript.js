// Runs JavaScript in one lasting process. OI_VOICE_REQUESTS names a FIFO of requests, one JSON object a line:
// {mark, code} runs code, {stop: mark} ends that run. A run's end goes to the terminal as "\x1e<mark> <word>\x1e".
// A worker reads the FIFO, for it can end a loop that keeps this thread busy.
"use strict";
const fs = require("fs");
const inspector = require("inspector");
const Module = require("module");
const net = require("net");
const path = require("path");
const readline = require("readline");
const { pathToFileURL } = require("url");
const util = require("util");
const { promiseHooks } = require("v8");
const vm = require("vm");
const { Worker, isMainThread, parentPort } = require("worker_threads");

const UNTOLD = "Uncaught (an error that cannot be described)";
const PATIENCE = 100; // milliseconds that this thread is given to answer before what runs on it is ended

if (isMainThread) serve();
else read();

function read() {
  const file = fs.openSync(process.env.OI_VOICE_REQUESTS, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  const lines = readline.createInterface({ input: new net.Socket({ fd: file, readable: true, writable: false }) });
  let stopping = Promise.resolve();
  lines.on("line", (line) => {
    const request = JSON.parse(line);
    if (request.stop) stopping = stopping.then(() => delivered(request));
    else stopping.then(() => parentPort.postMessage(request));
  });
}

// Hands a request to stop to the other thread, and ends what keeps that from answering.
async function delivered(request) {
  let session; // not for longer: who is connected holds up the end of the process
  const again = setInterval(() => {
    session ??= connected();
    session.post("Runtime.terminateExecution");
    parentPort.postMessage(request); // the first may have been what was ended
  }, PATIENCE);
  await new Promise((answered) => {
    parentPort.on("message", (mark) => mark === request.stop && answered());
    parentPort.postMessage(request);
  });
  clearInterval(again);
  parentPort.removeAllListeners("message");
  if (!session) return;
  // An end that came too late would be that of whatever is next: let this be it.
  const next = new Promise((done) => session.post("Runtime.evaluate", { expression: "0" }, done));
  await Promise.race([next, new Promise((done) => setTimeout(done, 10 * PATIENCE))]);
  session.disconnect();
}

function connected() {
  const session = new inspector.Session();
  session.connectToMainThread();
  return session;
}

function serve() {
  const session = new inspector.Session();
  session.connect();
  const post = (method, parameters, then) => session.post(`Runtime.${method}`, parameters, then);
  const terminal = fs.openSync("/dev/tty", "w");
  const awaited = new Map(); // a run's mark -> its promise
  const timers = new Set(); // that this run has set
  const hand = {}; // takes values out of the inspector
  let current = "";
  let grip;
  define("__hand__", hand);
  post("evaluate", { expression: "__hand__" }, (_, { result }) => (grip = result.objectId));
  delete globalThis.__hand__;

  function run(mark, code) {
    current = mark;
    timers.clear();
    const how = { expression: rewritten(code), replMode: true, awaitPromise: true, objectGroup: mark };
    // The first promise is that of the run. Node 22 breaks down where one that is awaited for ever is collected.
    const forget = promiseHooks.onInit((promise) => {
      awaited.set(mark, promise);
      forget();
    });
    post("evaluate", how, (error, outcome) => {
      awaited.delete(mark);
      if (error) stop(mark);
      else if (current === mark) settle(mark, code, outcome).catch(() => end(mark, "error", UNTOLD));
    });
    forget();
  }

  async function settle(mark, code, { result, exceptionDetails: failure }) {
    const value = taken(failure ? failure.exception : result, mark);
    if (failure) return end(mark, "error", excerpt(code, failure, value) + uncaught(value));
    try {
      const last = util.types.isPromise(value) ? await value : value;
      if (current !== mark) return;
      if (last !== undefined) process.stdout.write(`${util.inspect(last, { showProxy: true })}\n`);
      await typed();
      end(mark, "ok");
    } catch (error) {
      end(mark, "error", uncaught(error));
    }
  }

  function taken(remote, group) {
    const take = "function (value) { this.value = value }";
    const given = remote.type === "undefined" ? {} : remote;
    post("callFunctionOn", { objectId: grip, functionDeclaration: take, arguments: [given] });
    post("releaseObjectGroup", { objectGroup: group });
    const { value } = hand;
    hand.value = undefined;
    return value;
  }

  function end(mark, word, why = "") {
    if (current !== mark) return;
    if (why) process.stderr.write(`${why}\n`);
    fs.writeSync(terminal, `\x1e${mark} ${word}\x1e`);
    current = "";
  }

  function stop(mark) {
    if (current !== mark) return;
    timers.forEach((timer) => timer.clear());
    process.stdin.removeAllListeners("keypress").pause();
    end(mark, "error", "Interrupted");
  }

  const load = loader();
  const main = new Module("<repl>");
  define("module", main);
  define("exports", main.exports);
  define("require", Object.assign(Module.createRequire(path.join(process.cwd(), "repl.js")), { main }));
  define("__import__", (name) => load(name));
  Error.prepareStackTrace = traced;
  watched((timer) => current && timers.add(timer));
  // Lines are read as the terminal gives them, and nobody draws progress bars.
  process.stdout.isTTY = process.stderr.isTTY = false;
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    process.on(event, (error) => process.stderr.write(`${uncaught(error)}\n`));
  }
  process.on("SIGINT", () => {}); // is for the programs that it waits for
  const worker = new Worker(__filename);
  worker.on("exit", () => process.exit());
  worker.on("message", (request) => {
    if (!request.stop) return run(request.mark, request.code);
    stop(request.stop);
    worker.postMessage(request.stop);
  });
}

function define(name, value) {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}

// Tells of the timers that are set from now on.
function watched(tell) {
  const ends = { setTimeout: clearTimeout, setInterval: clearInterval, setImmediate: clearImmediate };
  for (const [name, end] of Object.entries(ends)) {
    const real = globalThis[name];
    const set = (...given) => {
      const timer = real(...given);
      tell({ clear: () => end(timer) });
      return timer;
    };
    globalThis[name] = Object.defineProperties(set, Object.getOwnPropertyDescriptors(real));
  }
}

// What stands for import(): modules are looked for from the working directory.
function loader() {
  const here = path.join(process.cwd(), "repl.js");
  const { USE_MAIN_CONTEXT_DEFAULT_LOADER: standard } = vm.constants ?? {};
  if (!standard) { // Node 18
    const { resolve } = Module.createRequire(here);
    return async (name) => {
      const found = /^(node|data|file):/.test(name) ? name : resolve(name);
      return import(path.isAbsolute(found) ? pathToFileURL(found) : found);
    };
  }
  const { emitWarning } = process;
  process.emitWarning = () => {}; // that this is experimental
  const load = vm.runInThisContext("(name) => import(name)", { filename: here, importModuleDynamically: standard });
  load("fs");
  process.emitWarning = emitWarning;
  return load;
}

// A question that was asked with a callback is answered before the run ends.
async function typed() {
  if (process.stdin.readableFlowing) await new Promise((over) => process.stdin.once("pause", over).once("end", over));
}

function uncaught(error) {
  try {
    const text = util.inspect(error);
    return `Uncaught ${util.types.isNativeError(error) ? text.replace(/^\[(.*)\]$/s, "$1") : text}`;
  } catch {
    return UNTOLD;
  }
}

// A stack without what is ours or node's own.
function traced(error, frames) {
  const files = frames.map((frame) => frame.getFileName() ?? "");
  const beneath = files.indexOf("node:inspector");
  const hidden = (file) => file === __filename || file.startsWith("node:internal/");
  const shown = frames.filter((_, at) => (beneath < 0 || at < beneath) && !hidden(files[at]));
  return [Error.prototype.toString.call(error), ...shown].join("\n    at ");
}

// The code without import, which an evaluation does not know: not in strings and comments, and each line in its place.
function rewritten(code) {
  const skipped = /\/\/.*|\/\*[^]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[^]|[^`\\])*`/;
  const statement = /^(?<indent>[ \t]*)import\b\s*(?:(?<names>[\w$*{][\w$*{},\s]*?)\s*from\b\s*)?(?<from>"[^"\n]+"|'[^'\n]+')/;
  const call = /(?<![\w$.])import(?=\s*\()/;
  const token = new RegExp(`${statement.source}|${call.source}|${skipped.source}`, "gm");
  return code.replace(token, (text, ...rest) => {
    const { indent = "", names, from } = rest.at(-1);
    if (text === "import") return "__import__";
    if (!from) return text;
    return `${indent}${names ? `const ${pattern(names)} = ` : ""}await __import__(${from});`;
  });
}

// The names of an import statement as a pattern that takes them out of the module.
function pattern(names) {
  const all = names.match(/^\*\s*as\s+([\w$]+)$/);
  if (all) return all[1];
  return `{${names.replace(/^[\w$]+/, "default as $&").replace(/[{}]/g, "").replace(/\s+as\s+/g, ": ")}}`;
}

// The line that is no JavaScript, and a mark under the place.
function excerpt(code, { lineNumber, columnNumber }, error) {
  if (!(error instanceof SyntaxError) || error.stack.includes("\n    at ")) return "";
  const head = `line ${lineNumber + 1}: `;
  return `${head}${code.split("\n")[lineNumber] ?? ""}\n${" ".repeat(head.length + columnNumber)}^\n`;
}
