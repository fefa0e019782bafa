package dev.tessera.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class EmbeddedKafkaIT {
    @Test
    void shouldKeepPortAndDataOverARestart() throws Exception {
        try (var kafka = EmbeddedKafka.started()) {
            // Given
            String before = kafka.bootstrapServers();
            try (var admin = admin(kafka)) {
                admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                        .all()
                        .get(60, TimeUnit.SECONDS);
            }

            // When
            kafka.stop();
            kafka.start();

            // Then
            assertThat(kafka.bootstrapServers()).isEqualTo(before);
            try (var admin = admin(kafka)) {
                Set<String> topics = admin.listTopics().names().get(60, TimeUnit.SECONDS);
                assertThat(topics).contains("kept");
            }
        }
    }

    private static Admin admin(EmbeddedKafka kafka) {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }
}
