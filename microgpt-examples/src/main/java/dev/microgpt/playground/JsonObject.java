package dev.microgpt.playground;

import java.util.Map;

/** What an answer writes as a JSON object. A record says its components, each under its own name: a test holds it to that. */
interface JsonObject {
    /** The fields in the order in which they are written; one that is null is left out. */
    Map<String, Object> fields();
}
