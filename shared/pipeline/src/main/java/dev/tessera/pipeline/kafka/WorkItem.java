package dev.tessera.pipeline.kafka;

import com.google.protobuf.Message;
import dev.tessera.pipeline.Delivery;
import io.opentelemetry.context.Context;

/**
 * One unit of work in a worker's hands.
 *
 * @param message of the stage's type
 * @param context the span that covers the handling; to be made current on the thread that works
 */
public record WorkItem(Message message, Delivery delivery, Context context) {}
