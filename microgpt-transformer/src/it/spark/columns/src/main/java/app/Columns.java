package app;

import dev.microgpt.GenerationOptions;
import dev.microgpt.MicroGpt;
import dev.microgpt.TrainingOptions;
import dev.microgpt.transformer.Preset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapGroupsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import scala.Tuple2;

/** What Spark does with a model: functions for SQL, and a model for each key. */
final class Columns {
    private Columns() {}

    /** Functions of SQL: surprise(text) in nats a token, and invent(index), which has the same row for an index wherever it runs. */
    static void register(SparkSession spark, MicroGpt model, long seed) {
        SharedModel shared = new SharedModel(spark, model);
        spark.udf()
                .register(
                        "surprise", (UDF1<String, Double>) text -> shared.get().loss(text), DataTypes.DoubleType);
        spark.udf()
                .register(
                        "invent",
                        (UDF1<Long, String>) i -> shared.get().generateAt(i, options(seed)),
                        DataTypes.StringType);
    }

    /** Made where it is used: settings are not sent. */
    static GenerationOptions options(long seed) {
        return new GenerationOptions().withSeed(seed);
    }

    /** A model for each key, as its bytes. The strings are sorted, because Spark brings them in any order. */
    static Dataset<Tuple2<String, byte[]>> modelPerKey(Dataset<Row> rows, String key, String text) {
        return rows.groupByKey((MapFunction<Row, String>) row -> row.getAs(key), Encoders.STRING())
                .mapGroups(
                        (MapGroupsFunction<String, Row, Tuple2<String, byte[]>>) (k, group) ->
                                new Tuple2<>(k, train(texts(group, text)).toBytes()),
                        Encoders.tuple(Encoders.STRING(), Encoders.BINARY()));
    }

    static MicroGpt train(List<String> strings) {
        return MicroGpt.train(strings, TrainingOptions.of(Preset.STAGE5));
    }

    private static List<String> texts(Iterator<Row> rows, String column) {
        List<String> texts = new ArrayList<>();
        rows.forEachRemaining(row -> texts.add(row.getAs(column)));
        Collections.sort(texts);
        return texts;
    }
}
