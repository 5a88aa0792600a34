import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import org.javarosa.core.reference.PrefixedRootFactory;
import org.javarosa.core.reference.Reference;
import org.javarosa.core.reference.ReferenceManager;

/** The files that come with a form, kept in a folder and found as jr://file-csv/towns.csv and the like. */
final class Attachments extends PrefixedRootFactory {
    private final Path folder;

    private Attachments(Path folder) {
        super(new String[] {"file/", "file-csv/", "images/", "audio/", "video/"});
        this.folder = folder;
    }

    /** Makes `files` (name: text) the ones that the next form comes with, and no others. */
    static void replace(JsonNode files) throws IOException {
        Path folder = Files.createTempDirectory("zugang-attached-");
        folder.toFile().deleteOnExit();
        Iterator<Map.Entry<String, JsonNode>> entries = files.fields();
        while (entries.hasNext()) {
            Map.Entry<String, JsonNode> entry = entries.next();
            Path file = folder.resolve(Path.of(entry.getKey()).getFileName());
            Files.writeString(file, entry.getValue().asText());
            file.toFile().deleteOnExit();
        }
        ReferenceManager.instance().reset();
        ReferenceManager.instance().addReferenceFactory(new Attachments(folder));
    }

    @Override
    protected Reference factory(String terminal, String uri) {
        Path file = folder.resolve(Path.of(terminal).getFileName());
        return new Attached(file, uri);
    }

    private record Attached(Path file, String uri) implements Reference {
        @Override
        public boolean doesBinaryExist() {
            return Files.exists(file);
        }

        @Override
        public InputStream getStream() throws IOException {
            return Files.newInputStream(file);
        }

        @Override
        public String getURI() {
            return uri;
        }

        @Override
        public String getLocalURI() {
            return file.toString();
        }

        @Override
        public boolean isReadOnly() {
            return true;
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            throw new IOException("Attached files are only read.");
        }

        @Override
        public void remove() throws IOException {
            throw new IOException("Attached files are only read.");
        }

        @Override
        public Reference[] probeAlternativeReferences() {
            return new Reference[0];
        }
    }
}
