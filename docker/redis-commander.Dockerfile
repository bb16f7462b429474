# Redis Commander, to browse the keys, as its lockfile says.
FROM node:24.21.0-alpine3.24@sha256:be80f76cf40ec8e42b9bec49f60a55e0660f30af58d3e5a25530785b30ea67e2
WORKDIR /redis-commander
COPY docker/redis-commander/package.json docker/redis-commander/package-lock.json ./
RUN npm ci --ignore-scripts
USER node
EXPOSE 8081
ENTRYPOINT ["/redis-commander/node_modules/.bin/redis-commander"]
