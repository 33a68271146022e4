package dev.microgpt.autograd;

/**
 * One backward pass: brings the gradient of the root to everything the root was computed from. {@link #passOn} is the
 * chain rule; the rest is the order, which is there for memory and speed.
 *
 * <p>A value may pass its gradient on only after it has received all of it. A result that was an operand once has all of
 * it with the first contribution and passes it on at once. One that was an operand more often waits on its level: results
 * have higher levels than their operands, so when the levels are visited from the root's downwards, everything that waits
 * on the level reached is complete. Waiting values, and those on the stack, are linked through the values themselves; every
 * link is gone when the pass ends.
 *
 * <p>The order follows, as far as it can, the reverse of the order in which the values were made: it is the order of their
 * addresses, which the processor reads fastest. For the same reason the next value is not put into a list first: a link is
 * a write, and the garbage collector watches over it.
 */
final class Backward {
    private final Value[] waiting; // [level]: the last value that waits there; its link leads to the first, a circle
    private Value belowTop; // of the stack: complete values that have not passed their gradient on yet

    static void from(Value root) {
        Backward pass = new Backward(root.level);
        if (pass.receive(root, 1)) {
            pass.passOn(root);
        }
        for (int level = root.level; level > 0; level--) {
            pass.release(level);
        }
    }

    private Backward(int highestLevel) {
        waiting = new Value[highestLevel + 1];
    }

    /** The chain rule: an operand receives local gradient · gradient of the result. Goes on until the stack is empty. */
    private void passOn(Value first) {
        Value value = first;
        Value top = null; // of the stack: nearly always all that is on it, and a local variable needs no barrier
        while (value != null) {
            if (value instanceof Dot dot) {
                if (top != null) {
                    push(top);
                    top = null;
                }
                passOn(dot.a, dot.b.numbers, dot.grad);
                passOn(dot.b, dot.a.numbers, dot.grad);
                value = pop();
                continue;
            }
            boolean leftReady = receive(value.left, value.leftGrad() * value.grad);
            boolean rightReady = value.right != null && receive(value.right, value.rightGrad() * value.grad);
            if (rightReady) {
                if (leftReady) {
                    if (top != null) {
                        push(top);
                    }
                    top = value.left;
                }
                value = value.right;
            } else if (leftReady) {
                value = value.left;
            } else {
                value = top != null ? top : pop();
                top = null;
            }
        }
    }

    /** The chain rule for one side of a dot product; the local gradients are the numbers on the other side. */
    private void passOn(Factors factors, double[] localGrads, double grad) {
        Value[] values = factors.values;
        for (int i = 0; i < values.length; i++) {
            if (receive(values[i], localGrads[i] * grad)) {
                push(values[i]);
            }
        }
    }

    /** Returns whether the value is ready to pass its gradient on: it is a result, and this was all it receives. */
    private boolean receive(Value value, double contribution) {
        if (value.level == 0 || value.next != null) { // a leaf, or already waiting
            value.grad += contribution;
            return false;
        }
        value.grad = contribution;
        if (value.uses < 2) {
            return true;
        }
        await(value);
        return false;
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
            Value value = last.next;
            last.next = null;
            while (value != null) {
                Value following = value.next;
                value.next = null;
                passOn(value);
                value = following;
            }
        }
    }

    private void push(Value value) {
        value.next = belowTop;
        belowTop = value;
    }

    /** The value below the top of the stack, null if there is none. */
    private Value pop() {
        Value value = belowTop;
        if (value != null) {
            belowTop = value.next;
            value.next = null;
        }
        return value;
    }
}
