package dev.microgpt.playground;

import dev.microgpt.text.Documents;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.typedarrays.Int8Array;

/**
 * The way by which questions come to the library in a page: as messages to a worker, which answers by messages. A question waits for
 * those before it, but at each event of a stream, others have their turn.
 */
public final class InPage {
    private static final Set<Integer> STOPPED = new HashSet<>();

    private InPage() {}

    /** Answers what the page asks, until the page is left. */
    public static void main(String[] args) {
        Api api = Api.of(Documents.givenNames());
        listen((id, name, json, file) -> {
            if (name.isEmpty()) {
                STOPPED.add(id);
            } else {
                new Thread(() -> answer(api, id, name, json, file)).start(); // only a thread can sleep
            }
        });
    }

    private static void answer(Api api, int id, String name, String json, Int8Array file) {
        try {
            Question question = file == null ? Question.parse(json) : Question.of(file.copyToJavaArray());
            Object answer = api.handle(name, question, event -> send(id, event)).orElse(null);
            if (answer instanceof byte[] bytes) {
                file(id, Int8Array.copyFromJavaArray(bytes));
            } else if (answer != null) {
                answer(id, Json.write(answer));
            } else {
                end(id);
            }
        } catch (Rejection | IllegalArgumentException e) {
            refuse(id, e.getMessage());
        } catch (IOException e) {
            end(id); // the page has stopped it
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            refuse(id, "the playground failed at this; the browser's console says how");
        }
    }

    private static void send(int id, Object event) throws IOException {
        event(id, Json.write(event));
        try {
            Thread.sleep(0); // so that the worker reads its messages
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (STOPPED.remove(id)) {
            throw new IOException("the visitor has stopped it");
        }
    }

    /** A question, or that a stream is to stop if the name is empty. */
    @JSFunctor
    interface Listener extends JSObject {
        void asked(int id, String name, String json, Int8Array file);
    }

    @JSBody(
            params = "listener",
            script = "self.onmessage = function(m) { listener(m.data.id, m.data.name, m.data.json, m.data.file); };"
                    + "self.postMessage({ready: true});")
    private static native void listen(Listener listener);

    @JSBody(
            params = {"id", "json"},
            script = "self.postMessage({id: id, event: json});")
    private static native void event(int id, String json);

    @JSBody(
            params = {"id", "json"},
            script = "self.postMessage({id: id, answer: json});")
    private static native void answer(int id, String json);

    @JSBody(
            params = {"id", "bytes"},
            script = "self.postMessage({id: id, answer: bytes});")
    private static native void file(int id, Int8Array bytes);

    @JSBody(params = "id", script = "self.postMessage({id: id});")
    private static native void end(int id);

    @JSBody(
            params = {"id", "error"},
            script = "self.postMessage({id: id, error: error});")
    private static native void refuse(int id, String error);
}
