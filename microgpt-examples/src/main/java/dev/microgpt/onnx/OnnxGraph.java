package dev.microgpt.onnx;

import dev.microgpt.transformer.Precision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A graph in the format of ONNX: constants, and operations on them and on inputs. A value is known by its name. */
final class OnnxGraph {
    private static final int FLOAT = 1; // TensorProto.DataType
    private static final int INT64 = 7;
    private static final int DOUBLE = 11;
    private static final int INT_ATTRIBUTE = 2; // AttributeProto.AttributeType
    private static final int INTS_ATTRIBUTE = 7;
    private static final int IR_VERSION = 7;
    private static final int OPSET = 13;

    private final Message graph = new Message();
    private final Precision precision;
    private int count;

    OnnxGraph(String name, Precision precision) {
        this.precision = precision;
        graph.text(2, name);
    }

    /** A constant tensor of whole numbers, shape [n]. */
    String integers(long... values) {
        ByteBuffer raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            raw.putLong(value);
        }
        return constant(INT64, raw, values.length);
    }

    /** A constant without dimensions. */
    String integer(long value) {
        return constant(
                INT64, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value));
    }

    /** A constant tensor in the precision of the graph. */
    String numbers(double[] values, long... shape) {
        boolean exact = precision == Precision.DOUBLE;
        ByteBuffer raw = ByteBuffer.allocate((exact ? 8 : 4) * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            if (exact) {
                raw.putDouble(value);
            } else {
                raw.putFloat((float) value);
            }
        }
        return constant(numberType(), raw, shape);
    }

    private String constant(int type, ByteBuffer raw, long... shape) {
        String name = "c" + count++;
        Message tensor = new Message();
        for (long size : shape) {
            tensor.number(1, size);
        }
        graph.message(5, tensor.number(2, type).text(8, name).bytes(9, raw.array()));
        return name;
    }

    /** The result of an operation. */
    String apply(String operation, String... inputs) {
        String name = "v" + count++;
        graph.message(1, node(operation, name, inputs));
        return name;
    }

    /** The result of an operation with one attribute, a whole number. */
    String apply(String operation, String attribute, long value, String... inputs) {
        String name = "v" + count++;
        Message set = new Message().text(1, attribute).number(3, value).number(20, INT_ATTRIBUTE);
        graph.message(1, node(operation, name, inputs).message(5, set));
        return name;
    }

    /** The result of an operation with one attribute, a list of whole numbers. */
    String apply(String operation, String attribute, long[] values, String... inputs) {
        String name = "v" + count++;
        Message set = new Message().text(1, attribute);
        for (long value : values) {
            set.number(8, value);
        }
        graph.message(1, node(operation, name, inputs).message(5, set.number(20, INTS_ATTRIBUTE)));
        return name;
    }

    private static Message node(String operation, String output, String... inputs) {
        Message node = new Message();
        for (String input : inputs) {
            node.text(1, input);
        }
        return node.text(2, output).text(4, operation);
    }

    /** An input of whole numbers. A dimension is a name where it is not the same for all inputs. */
    void inputOfIntegers(String name, Object... dimensions) {
        graph.message(11, value(name, INT64, dimensions));
    }

    /** An input in the precision of the graph. */
    void input(String name, Object... dimensions) {
        graph.message(11, value(name, numberType(), dimensions));
    }

    /** An output, in the precision of the graph; {@link #define} says what it is. */
    void output(String name, Object... dimensions) {
        graph.message(12, value(name, numberType(), dimensions));
    }

    /** What an output is. */
    void define(String output, String value) {
        graph.message(1, node("Identity", output, value));
    }

    private int numberType() {
        return precision == Precision.DOUBLE ? DOUBLE : FLOAT;
    }

    private static Message value(String name, int type, Object... dimensions) {
        Message shape = new Message();
        for (Object dimension : dimensions) {
            Message size = new Message();
            shape.message(1, dimension instanceof Integer n ? size.number(1, n) : size.text(2, (String) dimension));
        }
        Message tensor = new Message().number(1, type).message(2, shape);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /** The file. {@code metadata}: names and values in turn. */
    byte[] toBytes(String... metadata) {
        Message model = new Message()
                .number(1, IR_VERSION)
                .text(2, "microgpt")
                .message(7, graph)
                .message(8, new Message().number(2, OPSET));
        for (int i = 0; i < metadata.length; i += 2) {
            model.message(14, new Message().text(1, metadata[i]).text(2, metadata[i + 1]));
        }
        return model.toBytes();
    }
}
