# Redis Commander, to browse the keys.
FROM node:24.20.0-alpine3.24
RUN npm install --global redis-commander@0.9.0
USER node
EXPOSE 8081
ENTRYPOINT ["redis-commander"]
