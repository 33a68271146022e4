package dev.microgpt.autograd;

/**
 * One backward pass: brings the gradient of the root to everything the root was computed from.
 *
 * <p>A value may pass its gradient on to its operands only when it has received all of it. A result that was an operand
 * once has it with the first contribution and is served at once. One that was an operand more often waits on its level:
 * results stand on higher levels than their operands, so when the levels are visited from the root's downwards, everything
 * that waits on the level reached is complete. Waiting values and complete ones are linked through the values themselves;
 * every link is gone when the pass ends.
 *
 * <p>The order in which values are served follows, as far as it can, the reverse of the order in which they were made: it
 * is the order of their addresses, which the processor reads fastest.
 */
final class Backward {
    private final Value[] waiting; // [level]: the last value that waits there; its link leads to the first, a circle
    private Value complete; // the values to be served next, a stack

    static void from(Value root) {
        Backward pass = new Backward(root.level);
        pass.receive(root, 1);
        for (int level = root.level; level > 0; level--) {
            pass.release(level);
            pass.serve();
        }
    }

    private Backward(int highestLevel) {
        waiting = new Value[highestLevel + 1];
    }

    private void receive(Value value, double contribution) {
        if (value.level == 0 || value.next != null) { // a leaf, or already waiting
            value.grad += contribution;
        } else {
            value.grad = contribution;
            if (value.uses < 2) {
                value.next = complete;
                complete = value;
            } else {
                await(value);
            }
        }
    }

    private void await(Value value) {
        Value last = waiting[value.level];
        if (last == null) {
            value.next = value;
        } else {
            value.next = last.next;
            last.next = value;
        }
        waiting[value.level] = value;
    }

    private void release(int level) {
        Value last = waiting[level];
        if (last != null) {
            complete = last.next;
            last.next = null;
        }
    }

    /** The chain rule: an operand receives local gradient · gradient of the result. */
    private void serve() {
        while (complete != null) {
            Value value = complete;
            complete = value.next;
            value.next = null;
            receive(value.left, value.leftGrad * value.grad);
            if (value.right != null) {
                receive(value.right, value.rightGrad * value.grad);
            }
        }
    }
}
