# Redis Commander, to browse the keys.
FROM node:22.21.1-alpine3.22
RUN npm install --global redis-commander@0.9.0
USER node
EXPOSE 8081
ENTRYPOINT ["redis-commander"]
