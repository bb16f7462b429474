# Redis Commander, to browse the keys.
FROM node:24.21.0-alpine3.24@sha256:be80f76cf40ec8e42b9bec49f60a55e0660f30af58d3e5a25530785b30ea67e2
RUN npm install --global redis-commander@0.9.0
USER node
EXPOSE 8081
ENTRYPOINT ["redis-commander"]
