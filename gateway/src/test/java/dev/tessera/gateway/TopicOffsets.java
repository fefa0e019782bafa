package dev.tessera.gateway;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** How many records each partition of Tessera's topics has had. */
record TopicOffsets(Map<String, Long> byPartition) {
    static TopicOffsets of(Admin admin) {
        try {
            var topics = admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith("tessera."))
                    .toList();
            var latest = admin.describeTopics(topics).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream()
                            .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                    .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
            return new TopicOffsets(admin.listOffsets(latest).all().get().entrySet().stream()
                    .collect(Collectors.toMap(entry -> entry.getKey().toString(), entry -> entry.getValue()
                            .offset())));
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
