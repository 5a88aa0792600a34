import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.ValidateOutcome;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.model.xform.XFormSerializingVisitor;
import org.javarosa.xform.util.XFormAnswerDataParser;
import org.javarosa.xform.util.XFormUtils;
import org.javarosa.xpath.XPathParseTool;

/**
 * One form with one record of it that is being filled.
 *
 * Nodes are named by absolute paths with places counted from 1; a step without a place is the first:
 * /data/kid[2]/age. What becomes of a step:
 *
 * set     "ok", "required", "constraint" (then the answer is not taken), "missing" (no question stands
 *         there), "irrelevant", "readonly". The text is in the form it has in a submission; "" clears.
 * add     "ok" with one more repeat at the end, "missing", "irrelevant", "refused" (no more may be made).
 * remove  "ok", "missing".
 * language "ok".
 *
 * The whole record is "ok", or "required /data[1]/age[1]", "constraint /data/kid[2]/age[1]" for the first
 * question that does not hold, every step but the root with its place.
 */
final class Filling {
    private static final Pattern STEP = Pattern.compile("/(@?[^/\\[]+)(?:\\[(\\d+)\\])?");
    private static final String[] OUTCOMES = {"ok", "required", "constraint"};

    private final FormDef form;
    private final FormEntryModel model;
    private final FormEntryController controller;

    Filling(String xform) throws Exception {
        form = XFormUtils.getFormFromInputStream(new ByteArrayInputStream(xform.getBytes(StandardCharsets.UTF_8)));
        form.initialize(true, new InstanceInitializationFactory());
        model = new FormEntryModel(form);
        controller = new FormEntryController(model);
    }

    void evaluate(String expression, String context, ObjectNode answer) {
        EvaluationContext where = new EvaluationContext(form.getEvaluationContext(), reference(context));
        try {
            Values.write(XPathParseTool.parseXPath(expression).eval(form.getMainInstance(), where), answer);
        } catch (Exception | StackOverflowError | LinkageError error) {
            Values.refuse(error, answer);
        }
    }

    String step(JsonNode step) throws Exception {
        String what = step.get(0).asText();
        String object = step.get(1).asText();
        return switch (what) {
            case "set" -> set(reference(object), step.get(2).asText());
            case "add" -> add(reference(object));
            case "remove" -> remove(reference(object));
            case "language" -> {
                controller.setLanguage(object);
                yield "ok";
            }
            default -> throw new IllegalArgumentException("Nothing known to do in step " + step);
        };
    }

    private String set(TreeReference where, String text) {
        FormIndex index = find(FormEntryController.EVENT_QUESTION, where);
        if (index == null) {
            return "missing";
        }
        if (!model.isIndexRelevant(index)) {
            return "irrelevant";
        }
        if (model.isIndexReadonly(index)) {
            return "readonly";
        }
        FormEntryPrompt prompt = model.getQuestionPrompt(index);
        TreeElement element = form.getMainInstance().resolveReference(index.getReference());
        IAnswerData answer = text.isEmpty()
            ? null
            : XFormAnswerDataParser.getAnswerData(text, element.getDataType(), prompt.getQuestion());
        return OUTCOMES[controller.answerQuestion(index, answer, true)];
    }

    private String add(TreeReference repeat) {
        FormIndex last = null;
        for (FormIndex index = start(); !index.isEndOfFormIndex(); index = next(index)) {
            if (model.getEvent(index) == FormEntryController.EVENT_PROMPT_NEW_REPEAT
                && sameButLast(index.getReference(), repeat)) {
                last = index;
            }
        }
        if (last == null) {
            return "missing";
        }
        if (!form.canCreateRepeat(last.getReference(), last)) {
            return "refused";
        }
        if (!model.isIndexRelevant(last)) {
            return "irrelevant";
        }
        controller.newRepeat(last);
        return "ok";
    }

    private String remove(TreeReference repeat) {
        FormIndex index = find(FormEntryController.EVENT_REPEAT, repeat);
        if (index == null) {
            return "missing";
        }
        controller.deleteRepeat(index);
        return "ok";
    }

    String finish() {
        form.postProcessInstance();
        ValidateOutcome outcome = form.validate();
        return outcome == null
            ? "ok"
            : OUTCOMES[outcome.outcome] + " " + outcome.failedPrompt.getReference().toString(true);
    }

    String submission() throws Exception {
        byte[] xml = new XFormSerializingVisitor().serializeInstance(form.getMainInstance());
        return new String(xml, StandardCharsets.UTF_8);
    }

    private FormIndex start() {
        return next(FormIndex.createBeginningOfFormIndex());
    }

    /** Goes on by one place, as Collect does: a repeat that a count asks for is made when one comes to it. */
    private FormIndex next(FormIndex index) {
        FormIndex next = model.incrementIndex(index);
        model.setQuestionIndex(next);
        return next;
    }

    private FormIndex find(int event, TreeReference where) {
        for (FormIndex index = start(); !index.isEndOfFormIndex(); index = next(index)) {
            if (model.getEvent(index) == event && where.equals(index.getReference())) {
                return index;
            }
        }
        return null;
    }

    private static boolean sameButLast(TreeReference one, TreeReference other) {
        return one.getParentRef().equals(other.getParentRef()) && one.getNameLast().equals(other.getNameLast());
    }

    private static TreeReference reference(String path) {
        TreeReference found = TreeReference.rootRef();
        Matcher steps = STEP.matcher(path);
        int end = 0;
        while (steps.find() && steps.start() == end) {
            String name = steps.group(1);
            int place = steps.group(2) == null ? 0 : Integer.parseInt(steps.group(2)) - 1;
            boolean attribute = name.startsWith("@");
            found.add(attribute ? name.substring(1) : name, attribute ? TreeReference.INDEX_ATTRIBUTE : place);
            end = steps.end();
        }
        if (end != path.length()) {
            throw new IllegalArgumentException("This is no path to a node: " + path);
        }
        return found;
    }
}
