import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.TimeZone;
import org.javarosa.core.services.PropertyManager;
import org.javarosa.core.util.JavaRosaCoreModule;
import org.javarosa.model.xform.XFormsModule;
import org.joda.time.DateTimeUtils;
import org.joda.time.DateTimeZone;
import org.opendatakit.validate.StubPropertyManager;

/**
 * Asks JavaRosa, the engine inside ODK Collect, on behalf of the tests.
 *
 * One JSON object a line comes in on stdin, one goes out on stdout for each; "do" says what is wanted:
 *
 * {"do": "clock", "zone": "Europe/Berlin", "now": 1764000000000}
 *     Sets the time zone and the time (milliseconds since 1970) that now() gives. today() reads the
 *     machine's own clock, which JavaRosa leaves no way to change. Answers {}.
 * {"do": "load", "form": "<h:html …", "files": {"towns.csv": "name,label\nselm,Selm\n"}}
 *     Makes the XForm the one that is asked, with the files it comes with (may be left out), and
 *     starts a new record of it. Answers {}.
 * {"do": "evaluate", "context": "/data/kid[2]/age", "expressions": ["../name", "1 + 1"]}
 *     Answers {"answers": […]}, one for each expression, evaluated at the node `context`: see Values.
 * {"do": "fill", "steps": [["set", "/data/age", "30"], ["add", "/data/kid"], ["remove", "/data/kid[1]"],
 *                          ["language", "Deutsch (de)"]]}
 *     Answers {"steps": ["ok", …], "valid": "ok", "xml": "<data>…"}: what became of each step, whether
 *     the record as a whole holds, and the record as it would be sent: see Filling.
 *
 * Whatever goes wrong with a request answers {"error": "class: message"}; the process lives on.
 */
public final class Oracle {
    private final ObjectMapper json = new ObjectMapper();
    private Filling filling;

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // JavaRosa prints warnings there
        Locale.setDefault(Locale.ENGLISH);
        new JavaRosaCoreModule().registerModule();
        new XFormsModule().registerModule();
        PropertyManager.setPropertyManager(new StubPropertyManager()); // property() gives its name there
        Oracle oracle = new Oracle();
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            answers.println(oracle.answer(line));
        }
    }

    private String answer(String line) throws Exception {
        ObjectNode answer = json.createObjectNode();
        try {
            handle(json.readTree(line), answer);
        } catch (Exception | StackOverflowError | LinkageError error) {
            answer.removeAll();
            answer.put("error", Values.described(error));
        }
        return json.writeValueAsString(answer);
    }

    private void handle(JsonNode request, ObjectNode answer) throws Exception {
        switch (request.path("do").asText()) {
            case "clock" -> setClock(request.get("zone").asText(), request.get("now").asLong());
            case "load" -> {
                Attachments.replace(request.path("files"));
                filling = new Filling(request.get("form").asText());
            }
            case "evaluate" -> {
                ArrayNode answers = answer.putArray("answers");
                for (JsonNode expression : request.get("expressions")) {
                    filling.evaluate(expression.asText(), request.get("context").asText(), answers.addObject());
                }
            }
            case "fill" -> {
                ArrayNode steps = answer.putArray("steps");
                for (JsonNode step : request.get("steps")) {
                    steps.add(filling.step(step));
                }
                answer.put("valid", filling.finish());
                answer.put("xml", filling.submission());
            }
            default -> throw new IllegalArgumentException("Nothing known to do in " + request);
        }
    }

    private static void setClock(String zone, long now) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        DateTimeZone.setDefault(DateTimeZone.forID(zone));
        DateTimeUtils.setCurrentMillisFixed(now);
    }
}
