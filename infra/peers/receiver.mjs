// A receiver of webhooks, verified by the library that receivers use. `node receiver.mjs PORT`
// PUT /secret: what it verifies with. POST /: an event. GET /seen: each verified event, and how many were not.
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const seen = [];
let refused = 0;
let webhook;

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts).toString();
  if (request.method === "PUT") {
    webhook = new Webhook(body);
  } else if (request.method === "POST") {
    try {
      const event = webhook.verify(body, request.headers);
      seen.push({ id: request.headers["webhook-id"], ...event });
    } catch {
      refused += 1;
      response.statusCode = 401;
    }
  }
  response.setHeader("content-type", "application/json");
  response.end(request.method === "GET" ? JSON.stringify({ seen, refused }) : "");
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => console.log("ready"));
