import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.*;
import java.util.regex.*;
import java.util.stream.*;
import jdk.jshell.*;
import jdk.jshell.execution.LocalExecutionControlProvider;
import sun.misc.Signal;

/**
 * Runs Java in one lasting process, as jshell does. OI_VOICE_REQUESTS names a FIFO of requests {"mark", "code"}, one JSON
 * object a line; a run's end goes to the terminal as "\036(mark) (word)\036". SIGINT ends what runs.
 */
class Driver {
    static final Pattern REQUEST = Pattern.compile("\\{\"mark\": \"(\\w+)\", \"code\": \"(.*)\"\\}");
    static final Pattern ESCAPE = Pattern.compile("\\\\(?:u(\\p{XDigit}{4})|(.))");
    static final Pattern MAIN = Pattern.compile("\\bstatic\\s+void\\s+main\\s*\\(\\s*(?:final\\s+)?String\\b");
    static final Pattern INNER = Pattern.compile("REPL\\.\\$JShell\\$\\w+\\."); // jshell's own classes around the person's
    static final Pattern LEAD = Pattern.compile("(?:\\s++|//.*+|/\\*(?s:.*?)\\*/)*+"); // not counted in a frame's line
    static final int FRAMES = 20; // shown of a stack
    static final String[] IMPORTS = {
        "java.io.*", "java.math.*", "java.net.*", "java.nio.file.*", "java.time.*", "java.util.*",
        "java.util.concurrent.*", "java.util.function.*", "java.util.regex.*", "java.util.stream.*",
    };

    final JShell shell = JShell.builder().executionEngine(new LocalExecutionControlProvider(), Map.of()).build();
    final SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
    final Map<String, Place> places = new HashMap<>(); // by the snippet's id
    int run;
    volatile boolean stopped;

    /** Where a snippet stands: in which run, and after how many lines of its code. */
    record Place(int run, int lines) {}

    public static void main(String[] args) throws IOException {
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        new Driver().serve();
        System.exit(0);
    }

    void serve() throws IOException {
        for (String name : IMPORTS) shell.eval("import " + name + ";");
        Signal.handle(new Signal("INT"), signal -> {
            stopped = true;
            shell.stop();
        });
        try (BufferedReader requests = Files.newBufferedReader(Path.of(System.getenv("OI_VOICE_REQUESTS")));
                PrintStream terminal = new PrintStream(new FileOutputStream("/dev/tty"), true)) {
            for (String line; (line = requests.readLine()) != null; ) {
                Matcher request = REQUEST.matcher(line);
                if (!request.matches()) continue;
                boolean good = run(unescaped(request.group(2)));
                terminal.print("\036" + request.group(1) + (good ? " ok" : " error") + "\036");
            }
        }
    }

    static String unescaped(String text) {
        return ESCAPE.matcher(text).replaceAll(escape -> {
            String code = escape.group(1);
            char character = code != null ? (char) Integer.parseInt(code, 16) : switch (escape.group(2).charAt(0)) {
                case 'n' -> '\n';
                case 't' -> '\t';
                case 'r' -> '\r';
                case 'b' -> '\b';
                case 'f' -> '\f';
                default -> escape.group(2).charAt(0);
            };
            return Matcher.quoteReplacement(String.valueOf(character));
        });
    }

    /** Runs each snippet of the code, then the first main method that a class among them has. False where one failed. */
    boolean run(String code) {
        run++;
        stopped = false;
        List<Snippet> snippets = new ArrayList<>();
        for (String rest = code; !rest.isBlank(); ) {
            SourceCodeAnalysis.CompletionInfo part = analysis.analyzeCompletion(rest);
            String source = part.source() == null ? rest : part.source(); // null where there is an end missing
            int start = code.length() - rest.length();
            rest = part.source() == null ? "" : part.remaining();
            if (!evaluated(source, code, start, rest.isBlank(), snippets)) return false;
        }
        for (Snippet snippet : snippets) {
            if (unresolved(snippet).isPresent()) System.err.println(unresolved(snippet).get());
        }
        for (Snippet snippet : snippets) {
            if (snippet instanceof TypeDeclSnippet type && MAIN.matcher(type.source()).find()) {
                return evaluated(type.name() + ".main(new String[0]);", "", 0, false, new ArrayList<>());
            }
        }
        return true;
    }

    /** Runs one snippet, which begins at {@code start} of the code; the value of the last is shown if it is an expression. */
    boolean evaluated(String source, String code, int start, boolean last, List<Snippet> snippets) {
        List<SnippetEvent> events = stopped ? List.of() : shell.eval(source);
        Matcher lead = LEAD.matcher(code).region(start, code.length());
        int lines = (int) code.chars().limit(lead.lookingAt() ? lead.end() : start).filter(one -> one == '\n').count();
        for (SnippetEvent event : events) {
            Snippet snippet = event.snippet();
            if (event.causeSnippet() != null) continue; // one that has only become usable
            places.put(snippet.id(), new Place(code.isEmpty() ? 0 : run, lines));
            snippets.add(snippet);
            if (event.status() == Snippet.Status.REJECTED) return failed(rejection(snippet, code, start));
            if (event.exception() != null && !stopped) return failed(told(event.exception()));
            boolean expression = snippet.subKind().isExecutable() && snippet instanceof ExpressionSnippet
                    || snippet.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND;
            if (last && expression && event.value() != null) System.out.println("==> " + event.value());
        }
        return stopped ? failed("Interrupted") : true;
    }

    boolean failed(String why) {
        System.err.println(why);
        return false;
    }

    /** What the compiler says, with the line that it means. */
    String rejection(Snippet snippet, String code, int start) {
        StringJoiner all = new StringJoiner("\n");
        shell.diagnostics(snippet).filter(Diag::isError).forEach(error -> {
            int at = Math.min(start + (int) error.getPosition(), code.length());
            int begin = code.lastIndexOf('\n', at - 1) + 1;
            String line = code.substring(begin).lines().findFirst().orElse("");
            long number = code.substring(0, begin).lines().count() + 1;
            all.add("line " + number + ": error: " + error.getMessage(null));
            all.add(line).add(" ".repeat(at - begin) + "^");
        });
        return all.toString();
    }

    /** What a definition lacks, in words. */
    Optional<String> unresolved(Snippet snippet) {
        if (!(snippet instanceof DeclarationSnippet declaration)) return Optional.empty();
        String title = snippet.source().strip().lines().findFirst().orElse("");
        return shell.unresolvedDependencies(declaration).reduce((one, other) -> one + ", " + other)
                .map(needed -> "Not usable until there is " + needed + ": " + title);
    }

    /** An exception with its frames in the person's code. */
    String told(Throwable error) {
        if (error instanceof UnresolvedReferenceException reference) return unresolved(reference.getSnippet()).orElse("");
        StringBuilder text = new StringBuilder();
        for (; error instanceof EvalException thrown; error = thrown.getCause()) {
            text.append(text.isEmpty() ? "Exception: " : "\nCaused by: ").append(thrown.getExceptionClassName());
            if (thrown.getMessage() != null) text.append(": ").append(INNER.matcher(thrown.getMessage()).replaceAll(""));
            StackTraceElement[] frames = thrown.getStackTrace();
            for (StackTraceElement frame : frames.length > FRAMES ? Arrays.copyOf(frames, FRAMES) : frames) text.append(told(frame));
            if (frames.length > FRAMES) text.append("\n\t... ").append(frames.length - FRAMES).append(" more");
        }
        return text.toString();
    }

    String told(StackTraceElement frame) {
        String file = frame.getFileName();
        if (file == null || !file.startsWith("#")) return "\n\tat " + frame;
        Place place = places.getOrDefault(file.substring(1), new Place(0, 0));
        if (place.run == 0) return ""; // the call of main is ours
        String name = Stream.of(frame.getClassName(), frame.getMethodName()).filter(one -> !one.isEmpty())
                .collect(Collectors.joining("."));
        String where = (place.run == run ? "line " : "earlier code, line ") + (place.lines + frame.getLineNumber());
        return "\n\tat " + (name.isEmpty() ? where : name + " (" + where + ")");
    }
}
