package app;

import dev.microgpt.MicroGpt;
import java.io.ByteArrayInputStream;
import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/** A model that travels as its bytes: once to each executor, where each task reads them. */
final class SharedModel implements Serializable {
    private static final long serialVersionUID = 1;

    private final Broadcast<byte[]> bytes;
    private transient MicroGpt model;

    SharedModel(SparkSession spark, MicroGpt model) {
        this.bytes = JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(model.toBytes());
    }

    synchronized MicroGpt get() {
        if (model == null) {
            model = MicroGpt.load(new ByteArrayInputStream(bytes.value()));
        }
        return model;
    }
}
