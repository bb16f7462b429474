#!/bin/bash
# As Kafka's own image starts: KAFKA_* become properties, the files are formatted once, the broker runs.
set -eu
export CLUSTER_ID=${CLUSTER_ID:-5L6g3nShT-eMCtK--X86sw}
[ -w /opt/kafka/config ] || { echo '/opt/kafka/config is not writable'; exit 1; }
cp -R /mnt/shared/config/. /opt/kafka/config/
said=$(java -Xmx256m -cp '/opt/kafka/libs/*' kafka.docker.KafkaDockerWrapper setup \
  --default-configs-dir /etc/kafka/docker --mounted-configs-dir /mnt/shared/config --final-configs-dir /opt/kafka/config 2>&1) ||
  [[ $said == *'already formatted'* ]] || { echo "$said"; exit 1; }
exec java ${KAFKA_HEAP_OPTS:--Xms512m -Xmx512m} -Dlog4j2.configurationFile=/opt/kafka/config/log4j2.yaml \
  -cp '/opt/kafka/libs/*' kafka.Kafka /opt/kafka/config/server.properties
