import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Date;
import org.javarosa.xpath.XPathException;
import org.javarosa.xpath.XPathNodeset;
import org.javarosa.xpath.expr.XPathFuncExpr;
import org.javarosa.xpath.parser.XPathSyntaxException;

/**
 * Writes down what an expression is worth to JavaRosa.
 *
 * {"kind": "number", "text": "3.0"}, or "string", "boolean" ("true") – the value itself, numbers as
 * Java writes them; {"kind": "date", "text": "2026-03-01", "at": 1772366400000} with the
 * milliseconds since 1970; {"kind": "nodes", "texts": ["Ada", ""]} with what string() makes of each node.
 * {"kind": "refused", "text": "class: message"} when JavaRosa says no; "crashed" when it breaks off with
 * an error of Java that is no answer to an author.
 */
final class Values {
    private Values() {}

    static void write(Object value, ObjectNode answer) {
        if (value instanceof XPathNodeset nodes) {
            ArrayNode texts = answer.put("kind", "nodes").putArray("texts");
            for (int place = 0; place < nodes.size(); place++) {
                texts.add(XPathFuncExpr.toString(nodes.getValAt(place)));
            }
        } else if (value instanceof Date moment) {
            answer.put("kind", "date").put("text", XPathFuncExpr.toString(moment)).put("at", moment.getTime());
            } else {
            String kind = value instanceof Double ? "number" : value instanceof Boolean ? "boolean" : "string";
            answer.put("kind", kind).put("text", String.valueOf(value));
        }
    }

    static void refuse(Throwable error, ObjectNode answer) {
        boolean said = error instanceof XPathException || error instanceof XPathSyntaxException;
        answer.removeAll();
        answer.put("kind", said ? "refused" : "crashed").put("text", described(error));
    }

    static String described(Throwable error) {
        return error.getClass().getSimpleName() + ": " + error.getMessage();
    }
}
