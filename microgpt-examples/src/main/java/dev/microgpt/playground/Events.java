package dev.microgpt.playground;

import java.io.IOException;

/** Where the events of an answer go that grows while the visitor looks on. */
interface Events {
    /**
     * Sends one event.
     *
     * @param event what {@link Json} writes
     * @throws IOException if the visitor has gone: there is nothing left to work for
     */
    void send(Object event) throws IOException;
}
