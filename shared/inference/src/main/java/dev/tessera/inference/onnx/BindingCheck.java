package dev.tessera.inference.onnx;

import dev.tessera.inference.onnx.OnnxException.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares the tensors of one binding with the ports they are bound to; a free dimension has one size in it. */
final class BindingCheck {
    private final String graph;
    private final Map<String, Long> sizes = new HashMap<>();

    BindingCheck(String graph) {
        this.graph = graph;
    }

    void accept(String direction, List<Port> ports, Map<String, Tensor> tensors) {
        for (Port port : ports) {
            Tensor tensor = tensors.get(port.name());
            if (tensor == null) {
                throw mismatch(direction + " " + port + " has no tensor");
            }
            if (tensor.type() != port.type() || !fits(port.shape(), tensor.shape())) {
                throw mismatch(direction + " " + port + " was given " + tensor + where());
            }
        }
        if (tensors.size() != ports.size()) {
            throw mismatch("the tensors " + tensors.keySet() + " are more than its " + direction + "s " + ports);
        }
    }

    private boolean fits(List<Dimension> expected, long[] found) {
        if (expected.size() != found.length) {
            return false;
        }
        boolean fits = true;
        for (int i = 0; i < found.length; i++) {
            fits &= found[i] == size(expected.get(i), found[i]);
        }
        return fits;
    }

    /** The size a dimension must have; a free one takes the first size it meets. */
    private long size(Dimension expected, long found) {
        return switch (expected) {
            case Dimension.Fixed fixed -> fixed.size();
            case Dimension.Free free -> sizes.computeIfAbsent(free.symbol(), symbol -> found);
        };
    }

    private String where() {
        return sizes.isEmpty() ? "" : " where " + sizes;
    }

    private OnnxException mismatch(String what) {
        return new OnnxException(Reason.BINDING_MISMATCH, graph + ": " + what);
    }
}
