package dev.tessera.cli.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configuration files of the broker and the S3 server. */
record ServerConfiguration(StackHome home, StackPorts ports, StackSecrets secrets) {
    private static final int LOG_BYTES = 8 << 20;

    Path brokerProperties() {
        return home.configuration().resolve("broker.properties");
    }

    Path brokerLogging() {
        return home.configuration().resolve("broker-logging.properties");
    }

    Path objectStoreProperties() {
        return home.configuration().resolve("object-store.properties");
    }

    Path objectStoreLogging() {
        return home.configuration().resolve("object-store-logback.xml");
    }

    void write() {
        try {
            Files.writeString(brokerProperties(), brokerText());
            Files.writeString(brokerLogging(), brokerLoggingText());
            Files.writeString(objectStoreLogging(), objectStoreLoggingText());
        } catch (IOException e) {
            throw new StackException(StackException.Reason.IO, "cannot write to " + home.configuration() + ": " + e, e);
        }
        StackHome.writePrivately(objectStoreProperties(), objectStoreText());
    }

    /**
     * One node. The quorum is the static kind, because its address may change from start to start; caches and thread
     * pools are far below their defaults, which are made for servers.
     */
    private String brokerText() {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
                log.dirs=%3$s
                auto.create.topics.enable=false
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=4
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                share.coordinator.state.topic.num.partitions=4
                group.initial.rebalance.delay.ms=0
                group.share.delivery.count.limit=10
                group.share.heartbeat.interval.ms=1000
                group.share.min.heartbeat.interval.ms=1000
                log.cleaner.threads=1
                log.cleaner.dedupe.buffer.size=16777216
                num.network.threads=2
                num.io.threads=4
                background.threads=2
                """.formatted(ports.broker(), ports.controller(), escaped(home.broker()));
    }

    private String brokerLoggingText() {
        return """
                handlers=java.util.logging.FileHandler
                .level=INFO
                java.util.logging.FileHandler.pattern=%s
                java.util.logging.FileHandler.limit=%d
                java.util.logging.FileHandler.count=2
                java.util.logging.FileHandler.append=true
                java.util.logging.FileHandler.formatter=java.util.logging.SimpleFormatter
                java.util.logging.SimpleFormatter.format=%%1$tF %%1$tT.%%1$tL %%4$s [%%3$s] %%5$s%%6$s%%n
                org.apache.kafka.common.config.level=WARNING
                kafka.utils.Log4jControllerRegistration$.level=WARNING
                """.formatted(
                escaped(home.logs().resolve("broker.%g.log")).replace("%", "%%").replace("%%g", "%g"), LOG_BYTES);
    }

    private String objectStoreText() {
        return """
                s3proxy.endpoint=http://127.0.0.1:%d
                s3proxy.authorization=aws-v2-or-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                jclouds.provider=filesystem-nio2
                jclouds.filesystem.basedir=%s
                """.formatted(ports.objectStore(), secrets.accessKey(), secrets.secretKey(), escaped(home.buckets()));
    }

    private String objectStoreLoggingText() {
        String log = home.log(StackService.OBJECT_STORE)
                .toString()
                .replace("&", "&amp;")
                .replace("<", "&lt;");
        return """
                <configuration>
                  <appender name="FILE" class="ch.qos.logback.core.rolling.RollingFileAppender">
                    <file>%1$s</file>
                    <rollingPolicy class="ch.qos.logback.core.rolling.FixedWindowRollingPolicy">
                      <fileNamePattern>%1$s.%%i</fileNamePattern>
                      <minIndex>1</minIndex>
                      <maxIndex>1</maxIndex>
                    </rollingPolicy>
                    <triggeringPolicy class="ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy">
                      <maxFileSize>%2$d</maxFileSize>
                    </triggeringPolicy>
                    <encoder>
                      <pattern>%%d{yyyy-MM-dd HH:mm:ss.SSS} %%level [%%logger{30}] %%msg%%n</pattern>
                    </encoder>
                  </appender>
                  <root level="info">
                    <appender-ref ref="FILE"/>
                  </root>
                </configuration>
                """.formatted(log, LOG_BYTES);
    }

    /** A path as a value of a properties file. */
    private static String escaped(Path path) {
        return path.toString().replace("\\", "\\\\");
    }
}
