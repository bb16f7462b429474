// Types of the API's answers, made from its OpenAPI document by openapi-typescript.
// Make them anew with: npm run api-types

export interface paths {
  "/g/collect": {
    /**
     * Send an event as gtag does by an address alone
     * @description See docs/connect/gtag.md.
     */
    get: operations["getGCollect"];
  };
  "/health/live": {
    /** Whether the process answers */
    get: operations["getHealthLive"];
  };
  "/health/ready": {
    /** Whether each server that the process needs answers */
    get: operations["getHealthReady"];
  };
  "/metrics": {
    /** What an operator alarms on, for Prometheus */
    get: operations["getMetrics"];
  };
  "/v1/abandonment": {
    /** How carts ended, by the time in which they opened */
    get: operations["getAbandonment"];
  };
  "/v1/abandonment/carts": {
    /** Carts that opened in the period, one by one: open, abandoned, or recovered */
    get: operations["getAbandonmentCarts"];
  };
  "/v1/abandonment/items": {
    /** What lay in carts when they were abandoned */
    get: operations["getAbandonmentItems"];
  };
  "/v1/accuracy": {
    /** The answers beside a recount of the archived events by SQL, metric by metric and day by day */
    get: operations["getAccuracy"];
  };
  "/v1/alerts": {
    /** Alerts: how each stands, and when it fired */
    get: operations["getAlerts"];
  };
  "/v1/alerts/value": {
    /** What an alert would look at: the number as it is now */
    get: operations["getAlertsValue"];
  };
  "/v1/audit": {
    /** What admins did within a year, newest first (admin) */
    get: operations["getAudit"];
  };
  "/v1/brands": {
    /** Performance of items by their brand */
    get: operations["getBrands"];
  };
  "/v1/breakdowns/{dimension}": {
    /** Values of a dimension (DIMENSIONS), ranked as cities are */
    get: operations["getBreakdownsByDimension"];
  };
  "/v1/categories": {
    /** Performance of items by a level of their category */
    get: operations["getCategories"];
  };
  "/v1/cities": {
    /** Cities ranked by engagement, users, sessions, orders, revenue or conversion */
    get: operations["getCities"];
  };
  "/v1/connect/{way}": {
    /** The last 20 requests of a way in, with what became of each, newest first (admin) */
    get: operations["getConnectByWay"];
  };
  "/v1/coupons": {
    /** Orders, revenue and discounts by coupon */
    get: operations["getCoupons"];
  };
  "/v1/dead-letters": {
    /** The last messages that could not be counted, newest first (admin) */
    get: operations["getDeadLetters"];
  };
  "/v1/demo": {
    /** Whether a simulated shop runs here, and whether its events are in the answers */
    get: operations["getDemo"];
  };
  "/v1/engagement": {
    /** Active users, sessions, their length and bounces */
    get: operations["getEngagement"];
  };
  "/v1/events/frequencies": {
    /** How often each event name occurred */
    get: operations["getEventsFrequencies"];
  };
  "/v1/explore/customers": {
    /** Customers by recency, frequency and money, and what they came to by where their first order came from */
    get: operations["getExploreCustomers"];
  };
  "/v1/explore/funnel": {
    /** A funnel of any steps, with conditions and a window, by visitor or session, cut by up to two dimensions */
    get: operations["getExploreFunnel"];
  };
  "/v1/explore/retention": {
    /** Visitors by their first visit or order, and how many of them came again */
    get: operations["getExploreRetention"];
  };
  "/v1/export/{file}": {
    /** An answer as CSV, with all rows, its dates and its currency: products.csv, revenue.csv, funnel.csv … */
    get: operations["getExportByFile"];
  };
  "/v1/export/events": {
    /** The archived events of some dates as a file */
    get: operations["getExportEvents"];
  };
  "/v1/funnel": {
    /** Sessions (closed) or users (open) at each stage of a funnel */
    get: operations["getFunnel"];
  };
  "/v1/imports": {
    /** Imports, newest first: how they stand, and what came of them */
    get: operations["getImports"];
  };
  "/v1/imports/{id}": {
    /** One import: how it stands, and what came of it */
    get: operations["getImportsById"];
  };
  "/v1/inventory": {
    /** Stock levels, how long they last, and what was lost while an item was out of stock */
    get: operations["getInventory"];
  };
  "/v1/inventory/{item_id}/price-impact": {
    /** Each price change of an item with its figures in the 24 whole hours before and after */
    get: operations["getInventoryByItemIdPriceImpact"];
  };
  "/v1/inventory/{item_id}/prices": {
    /** The prices that an item had, newest first */
    get: operations["getInventoryByItemIdPrices"];
  };
  "/v1/inventory/{item_id}/stock": {
    /** The stock levels that an item had, newest first */
    get: operations["getInventoryByItemIdStock"];
  };
  "/v1/key": {
    /** What the key of this request may do */
    get: operations["getKey"];
  };
  "/v1/keys": {
    /** Keys, those of the settings included, without what lets in (admin) */
    get: operations["getKeys"];
  };
  "/v1/leaderboard": {
    /** How often each action occurred in windows of five seconds, newest first */
    get: operations["getLeaderboard"];
  };
  "/v1/live": {
    /** Server-sent events: one snapshot of the shop a second */
    get: operations["getLive"];
  };
  "/v1/notes": {
    /** Notes on charts, newest first */
    get: operations["getNotes"];
  };
  "/v1/payments": {
    /** Orders and revenue by payment type, and its share of all orders */
    get: operations["getPayments"];
  };
  "/v1/pipeline": {
    /** Lag, throughput, freshness, memory, and what was not counted */
    get: operations["getPipeline"];
  };
  "/v1/products": {
    /** Performance of every item of the period, sorted by any column */
    get: operations["getProducts"];
  };
  "/v1/products/{item_id}": {
    /** Performance of one item */
    get: operations["getProductsByItemId"];
  };
  "/v1/products/{item_id}/bought-together": {
    /** Items that were bought in the same orders */
    get: operations["getProductsByItemIdBoughtTogether"];
  };
  "/v1/products/popular": {
    /** The most viewed, carted, ordered or bought items */
    get: operations["getProductsPopular"];
  };
  "/v1/products/rising": {
    /** Items that rise now: this hour against the same hour of the days before */
    get: operations["getProductsRising"];
  };
  "/v1/reconciliations": {
    /** Reconciliations, newest first */
    get: operations["getReconciliations"];
  };
  "/v1/reconciliations/{id}": {
    /** One reconciliation, and the orders that differ, with why where it can be told */
    get: operations["getReconciliationsById"];
  };
  "/v1/revenue": {
    /** Revenue, refunds, orders and units by 15 minutes, hour or day */
    get: operations["getRevenue"];
  };
  "/v1/searches": {
    /** Search terms by count, by searches without results, or by clicks that followed */
    get: operations["getSearches"];
  };
  "/v1/sessions": {
    /** Sessions: how many, how long, how far they came, and whose they were */
    get: operations["getSessions"];
  };
  "/v1/users/{user_id}/export": {
    /** All that is kept of a user, to be handed to them */
    get: operations["getUsersByUserIdExport"];
  };
  "/v1/users/{user_id}/interactions": {
    /** The newest interactions of a user */
    get: operations["getUsersByUserIdInteractions"];
  };
  "/v1/views": {
    /** Views of the page that the shop has kept, by name */
    get: operations["getViews"];
  };
  "/v1/webhooks": {
    /** Endpoints, without their secrets (admin) */
    get: operations["getWebhooks"];
  };
  "/v1/webhooks/deliveries": {
    /** Deliveries that were given up, newest first (admin) */
    get: operations["getWebhooksDeliveries"];
  };
}

export type webhooks = Record<string, never>;

export interface components {
  schemas: {
    readonly Accuracy: {
      readonly batch_seconds: number;
      readonly days: readonly {
          readonly date: string;
          /** @description rows that were lost with a machine and fetched from the log: nobody knows how they counted */
          readonly fetched: number;
          /** @description what is not recounted: rows of that date do not say to which cart they belong, since they were fetched, or an earlier version wrote them */
          readonly left_out: readonly "carts"[];
          /** @description counts; money in minor units of the currency named, sessions in milliseconds */
          readonly metrics: readonly {
              readonly batch: number;
              /** @description what the stream is off by, of the batch */
              readonly error_percent: number;
              readonly metric: string;
              /** @description why it may differ, where that can be told */
              readonly note?: string;
              readonly stream: number;
            }[];
        }[];
      /** @description positions between others, the last one excluded, of which the archive has no rows: they wait on another machine, are lost with it, or are of dates that were dropped */
      readonly missing: readonly {
          readonly from: number;
          readonly log: string;
          readonly partition: string;
          readonly to: number;
        }[];
      readonly stream_seconds: number;
    };
    readonly Alert: {
      /**
       * @description the path of an answer behind /v1/
       * @example revenue
       */
      readonly answer: string;
      /** @description the mean of the same time of the weeks before */
      readonly expected?: number;
      /**
       * @description which number of it; of a list the row that has a value: stages.stage=purchase.count; or of all rows: sum.views, max.views
       * @example orders
       */
      readonly field: string;
      /**
       * @description parameters of the answer
       * @default {}
       * @example {
       *   "city": "Oslo"
       * }
       */
      readonly filter?: {
        [key: string]: string;
      };
      /**
       * @description for how long that must hold before it is said, and not hold before it is over
       * @default 0
       */
      readonly for_minutes?: number;
      /** @description when it fired and was over, newest first */
      readonly history: readonly ({
          readonly at: string;
          readonly expected?: number;
          /** @enum {string} */
          readonly turn: "fired" | "over";
          readonly value: number;
        })[];
      readonly id: string;
      /** @description the end of the newest time that was looked at */
      readonly looked_at?: string;
      readonly name: string;
      /** @description of how long a time that is over; absent: as it stands now, today */
      readonly over_minutes?: number;
      readonly since?: string;
      /** @enum {string} */
      readonly source: "made" | "settings";
      /** @enum {string} */
      readonly status: "ok" | "firing" | "new";
      /** @description without the rest of addresses, which let others send there */
      readonly to: readonly ({
          /** @enum {string} */
          readonly by: "webhook" | "slack" | "email";
          readonly host: string;
        })[];
      readonly value?: number;
      readonly when: {
        readonly above: number;
      } | {
        readonly below: number;
      } | {
        readonly drop_percent: number;
        /**
         * @description so many weeks back are looked at
         * @default 4
         */
        readonly weeks?: number;
      } | {
        readonly rise_percent: number;
        /**
         * @description so many weeks back are looked at
         * @default 4
         */
        readonly weeks?: number;
      };
    };
    readonly AuditEntry: {
      /** @example DELETE /v1/webhooks/1f */
      readonly action: string;
      readonly at: string;
      /** @description the id of the key; command-line for commands, open where no keys are set */
      readonly by: string;
      readonly name: string;
      readonly request_id?: string;
      readonly status: number;
    };
    readonly DeadLetter: {
      readonly at: string;
      readonly message: string | null;
      readonly partition: number;
      readonly position: string;
      readonly reason: string;
      readonly topic: string;
    };
    readonly Import: {
      readonly finished_at?: string;
      readonly format: string;
      readonly import_id: string;
      readonly problem?: string;
      readonly progress: {
        readonly of: number | null;
        readonly rows: number;
      };
      readonly report?: {
        readonly errors: readonly {
            readonly column: string;
            readonly line: number;
            readonly message: string;
          }[];
        readonly events: number;
        /** @description when what the file holds began */
        readonly first_event_at?: string;
        readonly import_id: string;
        /** @description when it ended */
        readonly last_event_at?: string;
        readonly rejected: number;
        readonly repaired?: readonly {
            readonly column: string;
            readonly line: number;
            readonly message: string;
          }[];
        readonly rows: number;
      };
      readonly started_at: string;
      /** @enum {string} */
      readonly state: "running" | "done" | "failed" | "interrupted" | "taking-back" | "taken-back";
      readonly taken_back_at?: string;
    };
    readonly Key: {
      readonly created_at?: string;
      readonly expires_at?: string;
      readonly id: string;
      /** @enum {string} */
      readonly kind: "secret" | "publishable";
      readonly name: string;
      /** @description until when the key that it replaced works as well */
      readonly old_key_until?: string;
      readonly origins: readonly string[];
      readonly requests_per_day?: number;
      /** @description for each process that answers */
      readonly requests_per_second?: number;
      readonly requests_today: number;
      readonly scopes: readonly ("send" | "import" | "read" | "read-personal" | "metrics" | "admin")[];
      /** @enum {string} */
      readonly source: "made" | "settings";
    };
    readonly Meta: {
      readonly approximate: readonly string[];
      readonly as_of: string;
      /** @description where what stands in `previous` begins */
      readonly compared_from?: string;
      /** @description where it ends: where the period is not over, at the same quarter of an hour (hour, of what is kept by hours), or day where its hours are not kept */
      readonly compared_until?: string;
      readonly from: string;
      readonly generated_at: string;
      /** @description where the period begins before it: days before this date are kept for DAILY_DAYS after they were counted, and 0 may mean gone */
      readonly kept_from?: string;
      readonly next_cursor?: string;
      /**
       * @description where the answer is not from the counters
       * @enum {string}
       */
      readonly source?: "archive";
      readonly timezone: string;
      readonly to: string;
      readonly truncated?: readonly string[];
    };
    readonly Note: {
      /**
       * @description in the store’s time
       * @example 2026-11-27T09:00:00+01:00
       */
      readonly at: string;
      /** @enum {string} */
      readonly color: "gray" | "red" | "orange" | "green" | "blue" | "purple";
      readonly id: string;
      /** @example Black Friday: 20 % off everything */
      readonly text: string;
    };
    readonly NotedRequest: {
      readonly accepted: number;
      readonly at: string;
      /** @default 0 */
      readonly bots?: number;
      readonly client: string | null;
      readonly detail?: string;
      readonly ignored: number;
      readonly path: string;
      readonly refused: number;
      readonly rejected: readonly {
          readonly message: string;
          readonly path: string;
        }[];
      readonly repaired: readonly {
          readonly message: string;
          readonly path: string;
        }[];
      readonly request_id: string;
      readonly status: number;
      readonly type?: string;
    };
    readonly Pipeline: {
      /** @description events that known bots sent by the ways of browsers; they are in no answer */
      readonly bots: number;
      readonly duplicates: number;
      readonly events: number;
      /** @description events that wait for the session of a guest who signs in; they are in lag_events as well */
      readonly events_held: number;
      readonly events_per_second: number;
      readonly freshness_ms: {
        readonly p50: number | null;
        readonly p99: number | null;
      };
      /** @description what was sent that is no event and no fault, such as GA4’s clearing push or Tag Manager’s own events */
      readonly ignored: number;
      readonly lag_events: number;
      readonly memory: readonly {
          readonly bytes: number;
          readonly family: string;
          readonly keys: number;
        }[];
      /** @description records that the log had forgotten before they were counted */
      readonly missing: number;
      /** @description reports of an order that count no longer, since somebody else’s report of it stays */
      readonly orders_taken_back: number;
      /** @description messages about carts that wait, and partitions of which counting pauses for them */
      readonly outbox: {
        readonly paused: readonly number[];
        readonly waiting: number;
      };
      readonly partitions: readonly {
          readonly end: string;
          readonly lag: number;
          readonly partition: number;
          readonly position: string;
          readonly topic: string;
        }[];
      /** @description refunds of which a part, or all, went beyond what was left of their order; that part is in no answer */
      readonly refunds_beyond: number;
      readonly rejected: number;
      /**
       * @description events that each rule of repairs was applied to
       * @example {
       *   "number_as_text": 3
       * }
       */
      readonly repairs: {
        [key: string]: number;
      };
      /** @description additions to a sum that had reached 9 × 10¹⁵, where sums stop */
      readonly saturated: number;
      /** @description why counting pauses: Redis or the disk under it has no room; null where it has */
      readonly store_full: string | null;
      readonly unknown_refunds: number;
      readonly wrong_partition: number;
    };
    /**
     * @example {
     *   "type": "/problems/bad-request",
     *   "title": "The request is not valid",
     *   "status": 400,
     *   "detail": "limit: must be a number",
     *   "errors": [
     *     {
     *       "path": "limit",
     *       "message": "must be a number",
     *       "reason": "wrong-kind"
     *     }
     *   ],
     *   "request_id": "6f1c7a52-5d0a-4a5e-9f57-0c1f6a1f2f10"
     * }
     */
    readonly Problem: {
      /** @enum {number} */
      readonly accepted?: 0;
      readonly detail: string;
      readonly errors?: readonly ({
          readonly message: string;
          readonly path: string;
          /**
           * @description why, where that has a name
           * @enum {string}
           */
          readonly reason?: "missing" | "wrong-kind" | "not-one-of" | "too-long" | "too-short" | "too-large" | "too-small" | "unknown-parameter" | "not-a-date" | "before-from" | "period-too-long" | "hours-gone" | "whole-days-only" | "off-step" | "too-many-points" | "one-filter" | "unknown-currency" | "unknown-item" | "bad-step" | "too-heavy" | "many-at-once" | "server-away" | "needs-scope" | "not-a-url" | "has-password" | "on-this-machine" | "not-http" | "not-https" | "private-address" | "no-mail-server";
          /** @description what belongs to the reason, such as `most` */
          readonly values?: {
            [key: string]: string | number;
          };
        })[];
      readonly import_id?: string;
      /**
       * @description why, where that has a name
       * @enum {string}
       */
      readonly reason?: "missing" | "wrong-kind" | "not-one-of" | "too-long" | "too-short" | "too-large" | "too-small" | "unknown-parameter" | "not-a-date" | "before-from" | "period-too-long" | "hours-gone" | "whole-days-only" | "off-step" | "too-many-points" | "one-filter" | "unknown-currency" | "unknown-item" | "bad-step" | "too-heavy" | "many-at-once" | "server-away" | "needs-scope" | "not-a-url" | "has-password" | "on-this-machine" | "not-http" | "not-https" | "private-address" | "no-mail-server";
      readonly rejected?: readonly ({
          /** @description all that is wrong with the event, where that is more than one thing */
          readonly errors?: readonly {
              readonly message: string;
              readonly path: string;
            }[];
          readonly event_id: string | null;
          readonly index: number;
          readonly message: string;
          readonly path: string;
          readonly retryable: boolean;
        })[];
      /** @description the id of the request, as in its header `X-Request-Id` */
      readonly request_id: string;
      readonly status: number;
      readonly title: string;
      /** @enum {string} */
      readonly type: "/problems/bad-request" | "/problems/bad-events" | "/problems/unauthorized" | "/problems/forbidden" | "/problems/foreign-host" | "/problems/foreign-origin" | "/problems/not-found" | "/problems/unknown-format" | "/problems/method-not-allowed" | "/problems/too-slow" | "/problems/imported-before" | "/problems/import-running" | "/problems/import-taking-back" | "/problems/import-under-way" | "/problems/import-forgotten" | "/problems/still-running" | "/problems/too-many-endpoints" | "/problems/too-many-alerts" | "/problems/too-many-notes" | "/problems/too-many-views" | "/problems/too-many-keys" | "/problems/too-large" | "/problems/unsupported-media-type" | "/problems/unknown-expectation" | "/problems/key-used-differently" | "/problems/busy" | "/problems/too-often" | "/problems/over-quota" | "/problems/too-many-tries" | "/problems/too-many-imports" | "/problems/header-too-large" | "/problems/internal" | "/problems/unavailable";
      /** @description what belongs to the reason, such as `most` */
      readonly values?: {
        [key: string]: string | number;
      };
    };
    readonly ReconciledOrders: {
      readonly by_channel: readonly ({
          readonly channel: string | null;
          readonly counted: number;
          readonly missing: number;
          readonly orders: number;
          readonly other_amount: number;
          readonly revenue: readonly {
              readonly counted: number;
              readonly currency: string;
              readonly ledger: number;
            }[];
          readonly same: number;
          readonly too_many: number;
        })[];
      readonly by_day: readonly {
          readonly counted: number;
          readonly date: string;
          readonly missing: number;
          readonly orders: number;
          readonly other_amount: number;
          readonly revenue: readonly {
              readonly counted: number;
              readonly currency: string;
              readonly ledger: number;
            }[];
          readonly same: number;
          readonly too_many: number;
        }[];
      readonly by_reporter: readonly ({
          readonly counted: number;
          readonly missing: number;
          readonly orders: number;
          readonly other_amount: number;
          readonly reporter: string | null;
          readonly revenue: readonly {
              readonly counted: number;
              readonly currency: string;
              readonly ledger: number;
            }[];
          readonly same: number;
          readonly too_many: number;
        })[];
      readonly counted: number;
      readonly cut: boolean;
      readonly format: string;
      readonly from: string;
      readonly id: string;
      readonly listed: number;
      readonly made_at: string;
      readonly missing: number;
      readonly orders: number;
      readonly other_amount: number;
      readonly outside: number;
      readonly reasons: readonly ({
          /** @enum {string} */
          readonly kind: "missing" | "too_many" | "other_amount";
          readonly orders: number;
          /** @enum {string|null} */
          readonly reason: "never-sent" | "refused" | "duplicate" | "taken-back" | "other-date" | "test-order" | "before-archive" | "counted-twice" | "voided" | "bot" | "erased" | "currency" | "shipping-and-tax" | "discount" | null;
        })[];
      readonly revenue: readonly {
          readonly counted: number;
          readonly currency: string;
          readonly ledger: number;
        }[];
      readonly rows: readonly ({
          readonly channel: string | null;
          readonly counted: {
            readonly amount: number;
            readonly currency: string;
          } | null;
          readonly date: string;
          readonly detail?: string;
          /** @enum {string} */
          readonly kind: "missing" | "too_many" | "other_amount";
          readonly ledger: {
            readonly amount: number;
            readonly currency: string;
          } | null;
          readonly order_id: string;
          /** @enum {string|null} */
          readonly reason: "never-sent" | "refused" | "duplicate" | "taken-back" | "other-date" | "test-order" | "before-archive" | "counted-twice" | "voided" | "bot" | "erased" | "currency" | "shipping-and-tax" | "discount" | null;
          readonly reporter: string | null;
        })[];
      readonly same: number;
      readonly to: string;
      readonly too_many: number;
    };
    readonly Reconciliation: {
      readonly by_channel: readonly ({
          readonly channel: string | null;
          readonly counted: number;
          readonly missing: number;
          readonly orders: number;
          readonly other_amount: number;
          readonly revenue: readonly {
              readonly counted: number;
              readonly currency: string;
              readonly ledger: number;
            }[];
          readonly same: number;
          readonly too_many: number;
        })[];
      readonly by_day: readonly {
          readonly counted: number;
          readonly date: string;
          readonly missing: number;
          readonly orders: number;
          readonly other_amount: number;
          readonly revenue: readonly {
              readonly counted: number;
              readonly currency: string;
              readonly ledger: number;
            }[];
          readonly same: number;
          readonly too_many: number;
        }[];
      readonly by_reporter: readonly ({
          readonly counted: number;
          readonly missing: number;
          readonly orders: number;
          readonly other_amount: number;
          readonly reporter: string | null;
          readonly revenue: readonly {
              readonly counted: number;
              readonly currency: string;
              readonly ledger: number;
            }[];
          readonly same: number;
          readonly too_many: number;
        })[];
      readonly counted: number;
      readonly cut: boolean;
      readonly format: string;
      readonly from: string;
      readonly id: string;
      readonly listed: number;
      readonly made_at: string;
      readonly missing: number;
      readonly orders: number;
      readonly other_amount: number;
      readonly outside: number;
      readonly reasons: readonly ({
          /** @enum {string} */
          readonly kind: "missing" | "too_many" | "other_amount";
          readonly orders: number;
          /** @enum {string|null} */
          readonly reason: "never-sent" | "refused" | "duplicate" | "taken-back" | "other-date" | "test-order" | "before-archive" | "counted-twice" | "voided" | "bot" | "erased" | "currency" | "shipping-and-tax" | "discount" | null;
        })[];
      readonly revenue: readonly {
          readonly counted: number;
          readonly currency: string;
          readonly ledger: number;
        }[];
      readonly same: number;
      readonly to: string;
      readonly too_many: number;
    };
    /**
     * @example {
     *   "id": "Zk3yJ0aX_p1Q9w",
     *   "name": "Monday",
     *   "query": "tab=sales",
     *   "saved_at": "2026-11-20T09:00:00+00:00"
     * }
     */
    readonly SavedView: {
      readonly id: string;
      readonly name: string;
      readonly query: string;
      readonly saved_at: string;
    };
    readonly UserExport: {
      /** @description as they were counted, newest first, the last 10000; docs/archive.md has the columns */
      readonly archived_events: readonly {
          [key: string]: unknown;
        }[];
      /** @description the archive has more of them */
      readonly archived_events_cut: boolean;
      readonly carts: readonly ({
          /** @description ISO 8601, in the time zone of the store */
          readonly abandoned_at?: string;
          readonly cart_id: string;
          readonly city: string;
          readonly currency: string;
          readonly items: readonly {
              readonly item_id: string;
              readonly price: number;
              readonly quantity: number;
            }[];
          /** @description ISO 8601, in the time zone of the store */
          readonly last_activity_at: string;
          /** @description ISO 8601, in the time zone of the store */
          readonly opened_at: string;
          /** @description ISO 8601, in the time zone of the store */
          readonly recovered_at?: string;
          /** @enum {string} */
          readonly stage: "cart" | "checkout";
          readonly value: number;
        })[];
      /** @description hours of the last days in which they count as a user */
      readonly counted_in: readonly {
          readonly cities: readonly string[];
          /** @description ISO 8601, in the time zone of the store */
          readonly hour: string;
        }[];
      readonly dead_letters: readonly ({
          readonly at: string;
          readonly message: string | null;
          readonly partition: number;
          readonly position: string;
          readonly reason: string;
          readonly topic: string;
        })[];
      readonly deliveries: readonly {
          readonly cart_id: string;
          readonly id: string;
          readonly state: string;
          readonly type: string;
        }[];
      /** @description where the dimension customer is counted */
      readonly first_bought_at?: string;
      /** @description as whom they came before they signed in: what is kept of these is asked for under these ids */
      readonly guests: readonly string[];
      readonly interactions: readonly {
          readonly event_id: string;
          readonly item_id?: string;
          readonly name: string;
          /** @description ISO 8601, in the time zone of the store */
          readonly timestamp: string;
        }[];
      /** @description ISO 8601, in the time zone of the store */
      readonly last_session_began_at?: string;
      readonly orders: readonly {
          readonly currency: string;
          readonly items: readonly {
              readonly item_id: string;
              readonly units: number;
            }[];
          readonly refunded: number;
          readonly revenue: number;
          readonly transaction_id: string;
          readonly units: number;
        }[];
      readonly sessions: readonly {
          readonly city: string;
          readonly events: number;
          /** @description ISO 8601, in the time zone of the store */
          readonly first_at: string;
          /** @description ISO 8601, in the time zone of the store */
          readonly last_at: string;
          readonly searches: readonly {
              /** @description ISO 8601, in the time zone of the store */
              readonly at: string;
              readonly search_term: string;
            }[];
          readonly session_id?: string;
        }[];
      readonly user_id: string;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}

export type $defs = Record<string, never>;

export type external = Record<string, never>;

export interface operations {

  /**
   * Send an event as gtag does by an address alone
   * @description See docs/connect/gtag.md.
   */
  getGCollect: {
    responses: {
    };
  };
  /** Whether the process answers */
  getHealthLive: {
    responses: {
      /** @description It does */
      200: {
        headers: {
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            /** @enum {string} */
            readonly status: "ok";
          };
        };
      };
    };
  };
  /** Whether each server that the process needs answers */
  getHealthReady: {
    responses: {
      /** @description All of them do */
      200: {
        headers: {
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly dependencies: {
              [key: string]: "ok" | "unavailable";
            };
            /** @enum {string} */
            readonly status: "ok" | "unavailable";
          };
        };
      };
    };
  };
  /** What an operator alarms on, for Prometheus */
  getMetrics: {
    responses: {
      /** @description In the text format of Prometheus */
      200: {
        headers: {
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "text/plain": string;
        };
      };
    };
  };
  /** How carts ended, by the time in which they opened */
  getAbandonment: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description selects money; the store's currency where absent
         * @example USD
         */
        currency?: string;
        /**
         * @description adds a series
         * @example hour
         */
        interval?: "hour" | "day";
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
        /**
         * @description only this city
         * @example Oslo
         */
        city?: string;
        /**
         * @description only this country
         * @example Norway
         */
        country?: string;
        /**
         * @description only this device
         * @example mobile
         */
        device?: string;
        /**
         * @description only this channel
         * @example Organic Search
         */
        channel?: string;
        /**
         * @description adds the same for each value of the dimension
         * @example city
         */
        breakdown?: "city" | "country" | "device" | "channel";
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: {
              readonly abandoned: number;
              readonly abandoned_by_stage: {
                readonly cart: number;
                readonly checkout: number;
              };
              readonly abandoned_value: number;
              readonly abandonment_rate: number | null;
              readonly breakdown?: readonly ({
                  readonly abandoned: number;
                  readonly abandoned_by_stage: {
                    readonly cart: number;
                    readonly checkout: number;
                  };
                  readonly abandoned_value: number;
                  readonly abandonment_rate: number | null;
                  readonly campaign?: string;
                  readonly carts: number;
                  readonly channel?: string;
                  readonly city?: string;
                  readonly country?: string;
                  readonly customer?: string;
                  readonly device?: string;
                  readonly emptied: number;
                  readonly lost_value: number;
                  readonly open: number;
                  readonly purchased: number;
                  readonly recovered: number;
                  readonly recovered_value: number;
                  readonly series?: readonly ({
                      readonly abandoned: number;
                      readonly abandoned_by_stage: {
                        readonly cart: number;
                        readonly checkout: number;
                      };
                      readonly abandoned_value: number;
                      readonly abandonment_rate: number | null;
                      readonly carts: number;
                      readonly emptied: number;
                      readonly lost_value: number;
                      readonly open: number;
                      /**
                       * @description the point is not over
                       * @enum {boolean}
                       */
                      readonly partial?: true;
                      readonly purchased: number;
                      readonly recovered: number;
                      readonly recovered_value: number;
                      readonly start: string;
                    })[];
                  readonly source?: string;
                  readonly store?: string;
                  [key: string]: unknown;
                })[];
              readonly carts: number;
              readonly emptied: number;
              readonly lost_value: number;
              readonly median_recovery_seconds?: number | null;
              readonly open: number;
              readonly p90_recovery_seconds?: number | null;
              readonly purchased: number;
              readonly recovered: number;
              readonly recovered_value: number;
              readonly series?: readonly ({
                  readonly abandoned: number;
                  readonly abandoned_by_stage: {
                    readonly cart: number;
                    readonly checkout: number;
                  };
                  readonly abandoned_value: number;
                  readonly abandonment_rate: number | null;
                  readonly carts: number;
                  readonly emptied: number;
                  readonly lost_value: number;
                  readonly open: number;
                  /**
                   * @description the point is not over
                   * @enum {boolean}
                   */
                  readonly partial?: true;
                  readonly purchased: number;
                  readonly recovered: number;
                  readonly recovered_value: number;
                  readonly start: string;
                })[];
            };
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: {
              readonly abandoned: number;
              readonly abandoned_by_stage: {
                readonly cart: number;
                readonly checkout: number;
              };
              readonly abandoned_value: number;
              readonly abandonment_rate: number | null;
              readonly breakdown?: readonly ({
                  readonly abandoned: number;
                  readonly abandoned_by_stage: {
                    readonly cart: number;
                    readonly checkout: number;
                  };
                  readonly abandoned_value: number;
                  readonly abandonment_rate: number | null;
                  readonly campaign?: string;
                  readonly carts: number;
                  readonly channel?: string;
                  readonly city?: string;
                  readonly country?: string;
                  readonly customer?: string;
                  readonly device?: string;
                  readonly emptied: number;
                  readonly lost_value: number;
                  readonly open: number;
                  readonly purchased: number;
                  readonly recovered: number;
                  readonly recovered_value: number;
                  readonly series?: readonly ({
                      readonly abandoned: number;
                      readonly abandoned_by_stage: {
                        readonly cart: number;
                        readonly checkout: number;
                      };
                      readonly abandoned_value: number;
                      readonly abandonment_rate: number | null;
                      readonly carts: number;
                      readonly emptied: number;
                      readonly lost_value: number;
                      readonly open: number;
                      /**
                       * @description the point is not over
                       * @enum {boolean}
                       */
                      readonly partial?: true;
                      readonly purchased: number;
                      readonly recovered: number;
                      readonly recovered_value: number;
                      readonly start: string;
                    })[];
                  readonly source?: string;
                  readonly store?: string;
                  [key: string]: unknown;
                })[];
              readonly carts: number;
              readonly emptied: number;
              readonly lost_value: number;
              readonly median_recovery_seconds?: number | null;
              readonly open: number;
              readonly p90_recovery_seconds?: number | null;
              readonly purchased: number;
              readonly recovered: number;
              readonly recovered_value: number;
              readonly series?: readonly ({
                  readonly abandoned: number;
                  readonly abandoned_by_stage: {
                    readonly cart: number;
                    readonly checkout: number;
                  };
                  readonly abandoned_value: number;
                  readonly abandonment_rate: number | null;
                  readonly carts: number;
                  readonly emptied: number;
                  readonly lost_value: number;
                  readonly open: number;
                  /**
                   * @description the point is not over
                   * @enum {boolean}
                   */
                  readonly partial?: true;
                  readonly purchased: number;
                  readonly recovered: number;
                  readonly recovered_value: number;
                  readonly start: string;
                })[];
            };
          };
        };
      };
    };
  };
  /** Carts that opened in the period, one by one: open, abandoned, or recovered */
  getAbandonmentCarts: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description which state a row is in
         * @example open
         */
        status?: "open" | "abandoned" | "recovered";
        /**
         * @description only carts in it; with `min_value` the store's currency where absent
         * @example USD
         */
        currency?: string;
        /**
         * @description only carts worth at least so much
         * @example 100
         */
        min_value?: number;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
        /**
         * @description only this city
         * @example Oslo
         */
        city?: string;
        /**
         * @description only this country
         * @example Norway
         */
        country?: string;
        /**
         * @description only this device
         * @example mobile
         */
        device?: string;
        /**
         * @description only this channel
         * @example Organic Search
         */
        channel?: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly ({
                readonly abandoned_at?: string;
                readonly cart_id: string;
                readonly city: string;
                readonly currency: string;
                readonly items: readonly {
                    readonly item_id: string;
                    readonly price: number;
                    /** @description has at most three decimals */
                    readonly quantity: number;
                  }[];
                readonly last_activity_at: string;
                readonly opened_at: string;
                readonly recovered_at?: string;
                /** @enum {string} */
                readonly stage: "cart" | "checkout";
                readonly user_id: string;
                readonly value: number;
              })[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly ({
                readonly abandoned_at?: string;
                readonly cart_id: string;
                readonly city: string;
                readonly currency: string;
                readonly items: readonly {
                    readonly item_id: string;
                    readonly price: number;
                    /** @description has at most three decimals */
                    readonly quantity: number;
                  }[];
                readonly last_activity_at: string;
                readonly opened_at: string;
                readonly recovered_at?: string;
                /** @enum {string} */
                readonly stage: "cart" | "checkout";
                readonly user_id: string;
                readonly value: number;
              })[];
          };
        };
      };
    };
  };
  /** What lay in carts when they were abandoned */
  getAbandonmentItems: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description what the rows are put in order by
         * @example carts
         */
        by?: "carts" | "units" | "value";
        /**
         * @description selects money; the store's currency where absent
         * @example USD
         */
        currency?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly ({
                readonly carts: number;
                readonly item_id: string;
                readonly item_name: string | null;
                readonly rank: number;
                /** @description has at most three decimals */
                readonly units: number;
                readonly value: number;
              })[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly ({
                readonly carts: number;
                readonly item_id: string;
                readonly item_name: string | null;
                readonly rank: number;
                /** @description has at most three decimals */
                readonly units: number;
                readonly value: number;
              })[];
          };
        };
      };
    };
  };
  /** The answers beside a recount of the archived events by SQL, metric by metric and day by day */
  getAccuracy: {
    parameters: {
      query?: {
        /**
         * @description date; today where absent
         * @example 2026-11-20
         */
        from?: string;
        /**
         * @description date, which is included
         * @example 2026-11-20
         */
        to?: string;
        /**
         * @description compares events, orders and sessions by its values as well
         * @example channel
         */
        dimension?: "city" | "country" | "device" | "channel" | "source" | "campaign" | "customer" | "store";
      };
    };
    responses: {
      /** @description Stream and batch */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: components["schemas"]["Accuracy"];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** Alerts: how each stands, and when it fired */
  getAlerts: {
    parameters: {
      query?: {
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description Alerts */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly components["schemas"]["Alert"][];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** What an alert would look at: the number as it is now */
  getAlertsValue: {
    parameters: {
      query: {
        /**
         * @description the path of an answer behind /v1/
         * @example revenue
         */
        answer: string;
        /**
         * @description which number of it; of a list the row that has a value: stages.stage=purchase.count; or of all rows: sum.views, max.views
         * @example orders
         */
        field: string;
        /**
         * @description parameters of the answer, as its address has them
         * @example city=Oslo
         */
        filter?: string;
        /**
         * @description of how long a time that is over; absent: as it stands now, today
         * @example 60
         */
        over_minutes?: number;
      };
    };
    responses: {
      /** @description The number */
      200: {
        headers: {
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: {
              /** @description null where nobody can tell, such as the rate of nothing */
              readonly value: number | null;
            };
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** What admins did within a year, newest first (admin) */
  getAudit: {
    parameters: {
      query?: {
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description What was done, by whom */
      200: {
        headers: {
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly components["schemas"]["AuditEntry"][];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** Performance of items by their brand */
  getBrands: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description the column that rows are sorted by
         * @example revenue
         */
        sort?: "brand" | "views" | "carts" | "removes" | "orders" | "units" | "revenue" | "refunds" | "view_to_cart_rate" | "cart_to_order_rate";
        /**
         * @description desc where absent; asc for names
         * @example desc
         */
        order?: "asc" | "desc";
        /**
         * @description selects money; the store's currency where absent
         * @example USD
         */
        currency?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly ({
                /** @description (none): items without one */
                readonly brand: string;
                readonly cart_to_order_rate: number | null;
                readonly carts: number;
                /** @description Σ of the items’ orders: one with two items of the category counts twice */
                readonly orders: number;
                readonly refunds: number;
                readonly removes: number;
                readonly revenue: number;
                /** @description has at most three decimals */
                readonly units: number;
                readonly view_to_cart_rate: number | null;
                readonly views: number;
              })[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly ({
                /** @description (none): items without one */
                readonly brand: string;
                readonly cart_to_order_rate: number | null;
                readonly carts: number;
                /** @description Σ of the items’ orders: one with two items of the category counts twice */
                readonly orders: number;
                readonly refunds: number;
                readonly removes: number;
                readonly revenue: number;
                /** @description has at most three decimals */
                readonly units: number;
                readonly view_to_cart_rate: number | null;
                readonly views: number;
              })[];
          };
        };
      };
    };
  };
  /** Values of a dimension (DIMENSIONS), ranked as cities are */
  getBreakdownsByDimension: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description what cities are ranked by
         * @example revenue
         */
        rank_by?: "engagement" | "users" | "sessions" | "orders" | "revenue" | "conversion";
        /**
         * @description selects money; the store's currency where absent
         * @example USD
         */
        currency?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
      path: {
        /**
         * @description a dimension of DIMENSIONS
         * @example channel
         */
        dimension: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly ({
                readonly campaign?: string;
                readonly channel?: string;
                readonly city?: string;
                /** @description orders / sessions; above 1 where sessions have several orders */
                readonly conversion_rate: number | null;
                readonly country?: string;
                readonly customer?: string;
                readonly device?: string;
                readonly engagement_score: number;
                readonly events: number;
                readonly orders: number;
                /** @description what the value had then, with `compare` */
                readonly previous?: {
                  /** @description orders / sessions; above 1 where sessions have several orders */
                  readonly conversion_rate: number | null;
                  readonly engagement_score: number;
                  readonly events: number;
                  readonly orders: number;
                  readonly purchasing_sessions: number;
                  readonly revenue: number;
                  /** @description purchasing_sessions / sessions */
                  readonly session_conversion_rate: number | null;
                  readonly sessions: number;
                };
                /** @description with `compare` */
                readonly previous_rank?: number | null;
                readonly purchasing_sessions: number;
                readonly rank: number;
                readonly revenue: number;
                /** @description purchasing_sessions / sessions */
                readonly session_conversion_rate: number | null;
                readonly sessions: number;
                readonly source?: string;
                readonly store?: string;
                readonly users: number;
                [key: string]: unknown;
              })[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly ({
                readonly campaign?: string;
                readonly channel?: string;
                readonly city?: string;
                /** @description orders / sessions; above 1 where sessions have several orders */
                readonly conversion_rate: number | null;
                readonly country?: string;
                readonly customer?: string;
                readonly device?: string;
                readonly engagement_score: number;
                readonly events: number;
                readonly orders: number;
                /** @description what the value had then, with `compare` */
                readonly previous?: {
                  /** @description orders / sessions; above 1 where sessions have several orders */
                  readonly conversion_rate: number | null;
                  readonly engagement_score: number;
                  readonly events: number;
                  readonly orders: number;
                  readonly purchasing_sessions: number;
                  readonly revenue: number;
                  /** @description purchasing_sessions / sessions */
                  readonly session_conversion_rate: number | null;
                  readonly sessions: number;
                };
                /** @description with `compare` */
                readonly previous_rank?: number | null;
                readonly purchasing_sessions: number;
                readonly rank: number;
                readonly revenue: number;
                /** @description purchasing_sessions / sessions */
                readonly session_conversion_rate: number | null;
                readonly sessions: number;
                readonly source?: string;
                readonly store?: string;
                readonly users: number;
                [key: string]: unknown;
              })[];
          };
        };
      };
    };
  };
  /** Performance of items by a level of their category */
  getCategories: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description of item_category (1) to item_category5
         * @example 2
         */
        level?: number;
        /**
         * @description the column that rows are sorted by
         * @example revenue
         */
        sort?: "category" | "views" | "carts" | "removes" | "orders" | "units" | "revenue" | "refunds" | "view_to_cart_rate" | "cart_to_order_rate";
        /**
         * @description desc where absent; asc for names
         * @example desc
         */
        order?: "asc" | "desc";
        /**
         * @description selects money; the store's currency where absent
         * @example USD
         */
        currency?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
        /**
         * @description only items whose category has this as its level 1
         * @example Kitchen
         */
        category?: string;
        /**
         * @description only items whose category has this as its level 2
         * @example Mugs
         */
        category2?: string;
        /**
         * @description only items whose category has this as its level 3
         * @example Large mugs
         */
        category3?: string;
        /**
         * @description only items whose category has this as its level 4
         * @example Blue
         */
        category4?: string;
        /**
         * @description only items whose category has this as its level 5
         * @example (none)
         */
        category5?: string;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly ({
                readonly cart_to_order_rate: number | null;
                readonly carts: number;
                /** @description (none): items without one */
                readonly category: string;
                /** @description Σ of the items’ orders: one with two items of the category counts twice */
                readonly orders: number;
                readonly refunds: number;
                readonly removes: number;
                readonly revenue: number;
                /** @description has at most three decimals */
                readonly units: number;
                readonly view_to_cart_rate: number | null;
                readonly views: number;
              })[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly ({
                readonly cart_to_order_rate: number | null;
                readonly carts: number;
                /** @description (none): items without one */
                readonly category: string;
                /** @description Σ of the items’ orders: one with two items of the category counts twice */
                readonly orders: number;
                readonly refunds: number;
                readonly removes: number;
                readonly revenue: number;
                /** @description has at most three decimals */
                readonly units: number;
                readonly view_to_cart_rate: number | null;
                readonly views: number;
              })[];
          };
        };
      };
    };
  };
  /** Cities ranked by engagement, users, sessions, orders, revenue or conversion */
  getCities: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description what cities are ranked by
         * @example revenue
         */
        rank_by?: "engagement" | "users" | "sessions" | "orders" | "revenue" | "conversion";
        /**
         * @description selects money; the store's currency where absent
         * @example USD
         */
        currency?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
        /**
         * @description only this city
         * @example Oslo
         */
        city?: string;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly ({
                readonly city: string;
                /** @description orders / sessions; above 1 where sessions have several orders */
                readonly conversion_rate: number | null;
                readonly engagement_score: number;
                readonly events: number;
                readonly orders: number;
                /** @description what the value had then, with `compare` */
                readonly previous?: {
                  /** @description orders / sessions; above 1 where sessions have several orders */
                  readonly conversion_rate: number | null;
                  readonly engagement_score: number;
                  readonly events: number;
                  readonly orders: number;
                  readonly purchasing_sessions: number;
                  readonly revenue: number;
                  /** @description purchasing_sessions / sessions */
                  readonly session_conversion_rate: number | null;
                  readonly sessions: number;
                };
                /** @description with `compare` */
                readonly previous_rank?: number | null;
                readonly purchasing_sessions: number;
                readonly rank: number;
                readonly revenue: number;
                /** @description purchasing_sessions / sessions */
                readonly session_conversion_rate: number | null;
                readonly sessions: number;
                readonly users: number;
                [key: string]: unknown;
              })[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly ({
                readonly city: string;
                /** @description orders / sessions; above 1 where sessions have several orders */
                readonly conversion_rate: number | null;
                readonly engagement_score: number;
                readonly events: number;
                readonly orders: number;
                /** @description what the value had then, with `compare` */
                readonly previous?: {
                  /** @description orders / sessions; above 1 where sessions have several orders */
                  readonly conversion_rate: number | null;
                  readonly engagement_score: number;
                  readonly events: number;
                  readonly orders: number;
                  readonly purchasing_sessions: number;
                  readonly revenue: number;
                  /** @description purchasing_sessions / sessions */
                  readonly session_conversion_rate: number | null;
                  readonly sessions: number;
                };
                /** @description with `compare` */
                readonly previous_rank?: number | null;
                readonly purchasing_sessions: number;
                readonly rank: number;
                readonly revenue: number;
                /** @description purchasing_sessions / sessions */
                readonly session_conversion_rate: number | null;
                readonly sessions: number;
                readonly users: number;
                [key: string]: unknown;
              })[];
          };
        };
      };
    };
  };
  /** The last 20 requests of a way in, with what became of each, newest first (admin) */
  getConnectByWay: {
    parameters: {
      query?: {
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
      path: {
        /**
         * @description a way in: the snippet, or the name of a guide in docs/connect
         * @example shopify
         */
        way: "snippet" | "measurement-protocol" | "segment" | "gtag" | "shopify" | "woocommerce" | "medusa";
      };
    };
    responses: {
      /** @description Requests */
      200: {
        headers: {
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly components["schemas"]["NotedRequest"][];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** Orders, revenue and discounts by coupon */
  getCoupons: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description what the rows are put in order by
         * @example orders
         */
        by?: "orders" | "revenue" | "discount";
        /**
         * @description selects money; the store's currency where absent
         * @example USD
         */
        currency?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly {
                /** @description (none): orders without one */
                readonly coupon: string;
                readonly discount: number;
                readonly orders: number;
                readonly revenue: number;
              }[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly {
                /** @description (none): orders without one */
                readonly coupon: string;
                readonly discount: number;
                readonly orders: number;
                readonly revenue: number;
              }[];
          };
        };
      };
    };
  };
  /** The last messages that could not be counted, newest first (admin) */
  getDeadLetters: {
    parameters: {
      query?: {
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description Messages with reasons */
      200: {
        headers: {
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly components["schemas"]["DeadLetter"][];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** Whether a simulated shop runs here, and whether its events are in the answers */
  getDemo: {
    responses: {
      /** @description Its state */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: {
              /** @description whether DELETE takes them back; else `npm start -- reset` does */
              readonly can_end: boolean;
              /** @description its events are in the answers, also where it no longer runs */
              readonly counted: boolean;
              readonly running: boolean;
            };
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** Active users, sessions, their length and bounces */
  getEngagement: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description adds a series
         * @example hour
         */
        interval?: "hour" | "day";
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
        /**
         * @description only this city
         * @example Oslo
         */
        city?: string;
        /**
         * @description only this country
         * @example Norway
         */
        country?: string;
        /**
         * @description only this device
         * @example mobile
         */
        device?: string;
        /**
         * @description only this channel
         * @example Organic Search
         */
        channel?: string;
        /**
         * @description adds the same for each value of the dimension
         * @example city
         */
        breakdown?: "city" | "country" | "device" | "channel";
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: {
              readonly active_users: number;
              readonly average_session_seconds: number | null;
              readonly bounce_rate: number | null;
              readonly breakdown?: readonly ({
                  readonly active_users: number;
                  readonly average_session_seconds: number | null;
                  readonly bounce_rate: number | null;
                  readonly campaign?: string;
                  readonly channel?: string;
                  readonly city?: string;
                  readonly country?: string;
                  readonly customer?: string;
                  readonly device?: string;
                  readonly events: number;
                  readonly events_per_session: number | null;
                  readonly sessions: number;
                  readonly source?: string;
                  readonly store?: string;
                  [key: string]: unknown;
                })[];
              readonly events: number;
              readonly events_per_session: number | null;
              readonly series?: readonly ({
                  readonly active_users: number;
                  readonly average_session_seconds: number | null;
                  readonly bounce_rate: number | null;
                  readonly events: number;
                  readonly events_per_session: number | null;
                  /**
                   * @description the point is not over
                   * @enum {boolean}
                   */
                  readonly partial?: true;
                  readonly sessions: number;
                  readonly start: string;
                })[];
              readonly sessions: number;
            };
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: {
              readonly active_users: number;
              readonly average_session_seconds: number | null;
              readonly bounce_rate: number | null;
              readonly breakdown?: readonly ({
                  readonly active_users: number;
                  readonly average_session_seconds: number | null;
                  readonly bounce_rate: number | null;
                  readonly campaign?: string;
                  readonly channel?: string;
                  readonly city?: string;
                  readonly country?: string;
                  readonly customer?: string;
                  readonly device?: string;
                  readonly events: number;
                  readonly events_per_session: number | null;
                  readonly sessions: number;
                  readonly source?: string;
                  readonly store?: string;
                  [key: string]: unknown;
                })[];
              readonly events: number;
              readonly events_per_session: number | null;
              readonly series?: readonly ({
                  readonly active_users: number;
                  readonly average_session_seconds: number | null;
                  readonly bounce_rate: number | null;
                  readonly events: number;
                  readonly events_per_session: number | null;
                  /**
                   * @description the point is not over
                   * @enum {boolean}
                   */
                  readonly partial?: true;
                  readonly sessions: number;
                  readonly start: string;
                })[];
              readonly sessions: number;
            };
          };
        };
      };
    };
  };
  /** How often each event name occurred */
  getEventsFrequencies: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description adds a series
         * @example hour
         */
        interval?: "hour" | "day";
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
        /**
         * @description only this city
         * @example Oslo
         */
        city?: string;
        /**
         * @description only this country
         * @example Norway
         */
        country?: string;
        /**
         * @description only this device
         * @example mobile
         */
        device?: string;
        /**
         * @description only this channel
         * @example Organic Search
         */
        channel?: string;
        /**
         * @description adds the same for each value of the dimension
         * @example city
         */
        breakdown?: "city" | "country" | "device" | "channel";
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly {
                readonly breakdown?: readonly {
                    readonly campaign?: string;
                    readonly channel?: string;
                    readonly city?: string;
                    readonly count: number;
                    readonly country?: string;
                    readonly customer?: string;
                    readonly device?: string;
                    readonly source?: string;
                    readonly store?: string;
                    [key: string]: unknown;
                  }[];
                readonly count: number;
                readonly name: string;
                readonly series?: readonly {
                    readonly count: number;
                    /**
                     * @description the point is not over
                     * @enum {boolean}
                     */
                    readonly partial?: true;
                    readonly start: string;
                  }[];
              }[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly {
                readonly breakdown?: readonly {
                    readonly campaign?: string;
                    readonly channel?: string;
                    readonly city?: string;
                    readonly count: number;
                    readonly country?: string;
                    readonly customer?: string;
                    readonly device?: string;
                    readonly source?: string;
                    readonly store?: string;
                    [key: string]: unknown;
                  }[];
                readonly count: number;
                readonly name: string;
                readonly series?: readonly {
                    readonly count: number;
                    /**
                     * @description the point is not over
                     * @enum {boolean}
                     */
                    readonly partial?: true;
                    readonly start: string;
                  }[];
              }[];
          };
        };
      };
    };
  };
  /** Customers by recency, frequency and money, and what they came to by where their first order came from */
  getExploreCustomers: {
    parameters: {
      query?: {
        /**
         * @description date; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date, which is included
         * @example 2026-11-20
         */
        to?: string;
        /**
         * @description selects money; the store's currency where absent
         * @example USD
         */
        currency?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /**
         * @description what customers are cut by: of their first order
         * @example city
         */
        first?: "city" | "country" | "device" | "channel" | "source" | "campaign" | "customer" | "store";
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: {
              readonly currency: string;
              readonly customers: number;
              readonly lifetime: readonly ({
                  readonly customers: number;
                  readonly orders: number;
                  readonly returning_rate: number | null;
                  readonly revenue: number;
                  readonly revenue_per_customer: number | null;
                  readonly value: string | null;
                })[];
              readonly orders: number;
              readonly revenue: number;
              /** @description customers in fifths each way; 5 is the best */
              readonly segments: readonly {
                  readonly customers: number;
                  readonly frequency: number;
                  readonly money: number;
                  readonly orders: number;
                  readonly recency: number;
                  readonly revenue: number;
                }[];
            };
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** A funnel of any steps, with conditions and a window, by visitor or session, cut by up to two dimensions */
  getExploreFunnel: {
    parameters: {
      query: {
        /**
         * @description date; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date, which is included
         * @example 2026-11-20
         */
        to?: string;
        /**
         * @description names of events, comma-separated; or a JSON list with conditions on city, country, device, channel, source, campaign, customer, store, lane, currency, payment_type, search_term, item_id
         * @example [{"name":"view_item","where":{"item_id":"mug"}},{"name":"purchase"}]
         */
        steps: string;
        /**
         * @description whose steps they are
         * @example session
         */
        by?: "visitor" | "session";
        /**
         * @description from the first step to the last
         * @example 24h
         */
        window?: string;
        /**
         * @description at most two of city, country, device, channel, source, campaign, customer, store, lane, currency, comma-separated: those of the first step
         * @example city
         */
        breakdown?: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: {
              readonly breakdown?: readonly ({
                  readonly steps: readonly ({
                      readonly count: number;
                      readonly rate_of_first: number | null;
                      readonly rate_of_previous: number | null;
                      readonly step: string;
                    })[];
                  readonly values: {
                    [key: string]: string | null;
                  };
                })[];
              readonly steps: readonly ({
                  readonly count: number;
                  readonly rate_of_first: number | null;
                  readonly rate_of_previous: number | null;
                  readonly step: string;
                })[];
            };
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** Visitors by their first visit or order, and how many of them came again */
  getExploreRetention: {
    parameters: {
      query?: {
        /**
         * @description date; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date, which is included
         * @example 2026-11-20
         */
        to?: string;
        /**
         * @description what begins a cohort, and what counts as coming again
         * @example order
         */
        cohort?: "visit" | "order";
        /**
         * @description how long each step is
         * @example month
         */
        interval?: "day" | "week" | "month";
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly {
                /** @description the first date of its day, week or month */
                readonly cohort: string;
                /** @description how many came in each day, week or month, the first one included */
                readonly returned: readonly number[];
                readonly size: number;
              }[];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** An answer as CSV, with all rows, its dates and its currency: products.csv, revenue.csv, funnel.csv … */
  getExportByFile: {
    parameters: {
      path: {
        /**
         * @description the path of an answer behind /v1/, with - for /, and .csv; the parameters are those of the answer
         * @example products.csv
         */
        file: string;
      };
    };
    responses: {
      /** @description Rows under a header */
      200: {
        headers: {
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "text/csv": string;
        };
      };
    };
  };
  /** The archived events of some dates as a file */
  getExportEvents: {
    parameters: {
      query?: {
        /**
         * @description date; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date, which is included
         * @example 2026-11-20
         */
        to?: string;
        /**
         * @description how it is written
         * @example csv
         */
        format?: "ndjson" | "csv" | "parquet";
      };
    };
    responses: {
      /** @description A row an event; docs/archive.md has the columns */
      200: {
        headers: {
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/vnd.apache.parquet": string;
          readonly "application/x-ndjson": string;
          readonly "text/csv": string;
        };
      };
    };
  };
  /** Sessions (closed) or users (open) at each stage of a funnel */
  getFunnel: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description the name of a funnel: shop, quick, or one of FUNNELS
         * @example shop
         */
        funnel?: string;
        /**
         * @description closed: sessions that came through every stage in order; open: users at each stage
         * @example closed
         */
        mode?: "closed" | "open";
        /**
         * @description adds a series
         * @example hour
         */
        interval?: "hour" | "day";
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
        /**
         * @description only this city
         * @example Oslo
         */
        city?: string;
        /**
         * @description only this country
         * @example Norway
         */
        country?: string;
        /**
         * @description only this device
         * @example mobile
         */
        device?: string;
        /**
         * @description only this channel
         * @example Organic Search
         */
        channel?: string;
        /**
         * @description adds the same for each value of the dimension
         * @example city
         */
        breakdown?: "city" | "country" | "device" | "channel";
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: {
              /** @description over all, beside the funnel of one city or of another dimension value */
              readonly all_cities?: readonly ({
                  readonly count: number;
                  readonly drop_off: number;
                  readonly percent_of_first: number | null;
                  readonly percent_of_previous: number | null;
                  readonly stage: string;
                })[];
              readonly breakdown?: readonly ({
                  readonly campaign?: string;
                  readonly channel?: string;
                  readonly city?: string;
                  readonly country?: string;
                  readonly customer?: string;
                  readonly device?: string;
                  readonly source?: string;
                  readonly stages: readonly ({
                      readonly count: number;
                      readonly drop_off: number;
                      readonly percent_of_first: number | null;
                      readonly percent_of_previous: number | null;
                      readonly stage: string;
                    })[];
                  readonly store?: string;
                  [key: string]: unknown;
                })[];
              readonly funnel: string;
              /** @description all that there are */
              readonly funnels: readonly string[];
              /** @enum {string} */
              readonly mode: "closed" | "open";
              readonly series?: readonly ({
                  /**
                   * @description the point is not over
                   * @enum {boolean}
                   */
                  readonly partial?: true;
                  readonly stages: readonly ({
                      readonly count: number;
                      readonly drop_off: number;
                      readonly percent_of_first: number | null;
                      readonly percent_of_previous: number | null;
                      readonly stage: string;
                    })[];
                  readonly start: string;
                })[];
              readonly stages: readonly ({
                  readonly count: number;
                  readonly drop_off: number;
                  readonly median_seconds?: number | null;
                  readonly p90_seconds?: number | null;
                  readonly percent_of_first: number | null;
                  readonly percent_of_previous: number | null;
                  readonly stage: string;
                })[];
            };
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: {
              /** @description over all, beside the funnel of one city or of another dimension value */
              readonly all_cities?: readonly ({
                  readonly count: number;
                  readonly drop_off: number;
                  readonly percent_of_first: number | null;
                  readonly percent_of_previous: number | null;
                  readonly stage: string;
                })[];
              readonly breakdown?: readonly ({
                  readonly campaign?: string;
                  readonly channel?: string;
                  readonly city?: string;
                  readonly country?: string;
                  readonly customer?: string;
                  readonly device?: string;
                  readonly source?: string;
                  readonly stages: readonly ({
                      readonly count: number;
                      readonly drop_off: number;
                      readonly percent_of_first: number | null;
                      readonly percent_of_previous: number | null;
                      readonly stage: string;
                    })[];
                  readonly store?: string;
                  [key: string]: unknown;
                })[];
              readonly funnel: string;
              /** @description all that there are */
              readonly funnels: readonly string[];
              /** @enum {string} */
              readonly mode: "closed" | "open";
              readonly series?: readonly ({
                  /**
                   * @description the point is not over
                   * @enum {boolean}
                   */
                  readonly partial?: true;
                  readonly stages: readonly ({
                      readonly count: number;
                      readonly drop_off: number;
                      readonly percent_of_first: number | null;
                      readonly percent_of_previous: number | null;
                      readonly stage: string;
                    })[];
                  readonly start: string;
                })[];
              readonly stages: readonly ({
                  readonly count: number;
                  readonly drop_off: number;
                  readonly median_seconds?: number | null;
                  readonly p90_seconds?: number | null;
                  readonly percent_of_first: number | null;
                  readonly percent_of_previous: number | null;
                  readonly stage: string;
                })[];
            };
          };
        };
      };
    };
  };
  /** Imports, newest first: how they stand, and what came of them */
  getImports: {
    parameters: {
      query?: {
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description Imports */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly components["schemas"]["Import"][];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** One import: how it stands, and what came of it */
  getImportsById: {
    parameters: {
      path: {
        /**
         * @description the id that the list gives
         * @example ep_1
         */
        id: string;
      };
    };
    responses: {
      /** @description The import */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: components["schemas"]["Import"];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** Stock levels, how long they last, and what was lost while an item was out of stock */
  getInventory: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description low: at most `threshold` left; out: none
         * @example low
         */
        status?: "low" | "out";
        /**
         * @description how many of an item count as low
         * @example 10
         */
        threshold?: number;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly ({
                readonly hours_of_stock_left: number | null;
                readonly item_id: string;
                readonly item_name: string | null;
                readonly lost_sales: number | null;
                readonly out_of_stock_hours: number | null;
                readonly stock_level: number;
                /** @description has at most three decimals */
                readonly units: number;
                readonly views: number;
                readonly views_while_out: number | null;
              })[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly ({
                readonly hours_of_stock_left: number | null;
                readonly item_id: string;
                readonly item_name: string | null;
                readonly lost_sales: number | null;
                readonly out_of_stock_hours: number | null;
                readonly stock_level: number;
                /** @description has at most three decimals */
                readonly units: number;
                readonly views: number;
                readonly views_while_out: number | null;
              })[];
          };
        };
      };
    };
  };
  /** Each price change of an item with its figures in the 24 whole hours before and after */
  getInventoryByItemIdPriceImpact: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description selects money; the store's currency where absent
         * @example USD
         */
        currency?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
      path: {
        /**
         * @description the id of an item, as events name it
         * @example sku-1
         */
        item_id: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly ({
                readonly after: {
                  readonly hours: number;
                  readonly orders: number;
                  readonly revenue: number;
                  /** @description has at most three decimals */
                  readonly units: number;
                  readonly views: number;
                } | null;
                readonly before: {
                  readonly hours: number;
                  readonly orders: number;
                  readonly revenue: number;
                  /** @description has at most three decimals */
                  readonly units: number;
                  readonly views: number;
                } | null;
                readonly changed_at: string;
                readonly price_after: number;
                readonly price_before: number | null;
              })[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly ({
                readonly after: {
                  readonly hours: number;
                  readonly orders: number;
                  readonly revenue: number;
                  /** @description has at most three decimals */
                  readonly units: number;
                  readonly views: number;
                } | null;
                readonly before: {
                  readonly hours: number;
                  readonly orders: number;
                  readonly revenue: number;
                  /** @description has at most three decimals */
                  readonly units: number;
                  readonly views: number;
                } | null;
                readonly changed_at: string;
                readonly price_after: number;
                readonly price_before: number | null;
              })[];
          };
        };
      };
    };
  };
  /** The prices that an item had, newest first */
  getInventoryByItemIdPrices: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description selects money; the store's currency where absent
         * @example USD
         */
        currency?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
      path: {
        /**
         * @description the id of an item, as events name it
         * @example sku-1
         */
        item_id: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly {
                readonly changed_at: string;
                readonly price: number;
              }[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly {
                readonly changed_at: string;
                readonly price: number;
              }[];
          };
        };
      };
    };
  };
  /** The stock levels that an item had, newest first */
  getInventoryByItemIdStock: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
      path: {
        /**
         * @description the id of an item, as events name it
         * @example sku-1
         */
        item_id: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly {
                readonly changed_at: string;
                readonly stock_level: number;
              }[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly {
                readonly changed_at: string;
                readonly stock_level: number;
              }[];
          };
        };
      };
    };
  };
  /** What the key of this request may do */
  getKey: {
    responses: {
      /** @description Its scopes: all of them for admins, and where no keys are set */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: {
              readonly scopes: readonly ("send" | "import" | "read" | "read-personal" | "metrics" | "admin")[];
            };
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** Keys, those of the settings included, without what lets in (admin) */
  getKeys: {
    parameters: {
      query?: {
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description Keys */
      200: {
        headers: {
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly components["schemas"]["Key"][];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** How often each action occurred in windows of five seconds, newest first */
  getLeaderboard: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description at most this many windows; the last hour is kept, which has 720
         * @example 10
         */
        limit?: number;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: {
              readonly windows: readonly {
                  readonly counts: {
                    [key: string]: number;
                  };
                  readonly start: string;
                }[];
            };
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: {
              readonly windows: readonly {
                  readonly counts: {
                    [key: string]: number;
                  };
                  readonly start: string;
                }[];
            };
          };
        };
      };
    };
  };
  /** Server-sent events: one snapshot of the shop a second */
  getLive: {
    responses: {
      /** @description Events named snapshot; one named unavailable, without data, where none can be read */
      200: {
        headers: {
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "text/event-stream": {
            readonly data: {
              readonly as_of: string;
              readonly at: string;
            } & {
              /** @description in the last five minutes */
              readonly active_users: number;
              readonly currency: string;
              readonly events_per_second: number;
              readonly open_carts: number;
              readonly open_carts_value: number;
              readonly orders_today: number;
              readonly refunds_today: number;
              readonly revenue_today: number;
              /** @description how often each action occurred in the newest closed window of five seconds */
              readonly window: {
                readonly counts: {
                  [key: string]: number;
                };
                readonly start: string;
              };
            };
            /** @enum {string} */
            readonly event: "snapshot";
          };
        };
      };
    };
  };
  /** Notes on charts, newest first */
  getNotes: {
    parameters: {
      query?: {
        /**
         * @description date or date-time; the first note where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded); the last note where absent
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description Notes */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly components["schemas"]["Note"][];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** Orders and revenue by payment type, and its share of all orders */
  getPayments: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description selects money; the store's currency where absent
         * @example USD
         */
        currency?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
        /**
         * @description only this city
         * @example Oslo
         */
        city?: string;
        /**
         * @description only this country
         * @example Norway
         */
        country?: string;
        /**
         * @description only this device
         * @example mobile
         */
        device?: string;
        /**
         * @description only this channel
         * @example Organic Search
         */
        channel?: string;
        /**
         * @description adds the same for each value of the dimension
         * @example city
         */
        breakdown?: "city" | "country" | "device" | "channel";
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly ({
                readonly breakdown?: readonly {
                    readonly campaign?: string;
                    readonly channel?: string;
                    readonly city?: string;
                    readonly country?: string;
                    readonly customer?: string;
                    readonly device?: string;
                    readonly orders: number;
                    readonly revenue: number;
                    readonly source?: string;
                    readonly store?: string;
                    [key: string]: unknown;
                  }[];
                readonly orders: number;
                readonly payment_type: string;
                readonly revenue: number;
                readonly share: number | null;
              })[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly ({
                readonly breakdown?: readonly {
                    readonly campaign?: string;
                    readonly channel?: string;
                    readonly city?: string;
                    readonly country?: string;
                    readonly customer?: string;
                    readonly device?: string;
                    readonly orders: number;
                    readonly revenue: number;
                    readonly source?: string;
                    readonly store?: string;
                    [key: string]: unknown;
                  }[];
                readonly orders: number;
                readonly payment_type: string;
                readonly revenue: number;
                readonly share: number | null;
              })[];
          };
        };
      };
    };
  };
  /** Lag, throughput, freshness, memory, and what was not counted */
  getPipeline: {
    responses: {
      /** @description Where counting stands */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: components["schemas"]["Pipeline"];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** Performance of every item of the period, sorted by any column */
  getProducts: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description the column that rows are sorted by
         * @example revenue
         */
        sort?: "item_id" | "item_name" | "category" | "category2" | "category3" | "category4" | "category5" | "brand" | "variant" | "views" | "carts" | "removes" | "orders" | "units" | "revenue" | "refunds" | "view_to_cart_rate" | "cart_to_order_rate" | "stock_level" | "price";
        /**
         * @description desc where absent; asc for texts
         * @example desc
         */
        order?: "asc" | "desc";
        /**
         * @description only items whose category has this as its level 1
         * @example Kitchen
         */
        category?: string;
        /**
         * @description only items whose category has this as its level 2
         * @example Mugs
         */
        category2?: string;
        /**
         * @description only items whose category has this as its level 3
         * @example Large mugs
         */
        category3?: string;
        /**
         * @description only items whose category has this as its level 4
         * @example Blue
         */
        category4?: string;
        /**
         * @description only items whose category has this as its level 5
         * @example (none)
         */
        category5?: string;
        /**
         * @description only items of this brand; (none): those without one
         * @example Fjell
         */
        brand?: string;
        /**
         * @description selects money; the store's currency where absent
         * @example USD
         */
        currency?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly ({
                readonly brand: string | null;
                readonly cart_to_order_rate: number | null;
                readonly carts: number;
                readonly category: string | null;
                readonly category2: string | null;
                readonly category3: string | null;
                readonly category4: string | null;
                readonly category5: string | null;
                readonly item_id: string;
                readonly item_name: string | null;
                readonly orders: number;
                readonly price: number | null;
                readonly refunds: number;
                readonly removes: number;
                readonly revenue: number;
                readonly stock_level: number | null;
                /** @description has at most three decimals */
                readonly units: number;
                readonly variant: string | null;
                readonly view_to_cart_rate: number | null;
                readonly views: number;
              })[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly ({
                readonly brand: string | null;
                readonly cart_to_order_rate: number | null;
                readonly carts: number;
                readonly category: string | null;
                readonly category2: string | null;
                readonly category3: string | null;
                readonly category4: string | null;
                readonly category5: string | null;
                readonly item_id: string;
                readonly item_name: string | null;
                readonly orders: number;
                readonly price: number | null;
                readonly refunds: number;
                readonly removes: number;
                readonly revenue: number;
                readonly stock_level: number | null;
                /** @description has at most three decimals */
                readonly units: number;
                readonly variant: string | null;
                readonly view_to_cart_rate: number | null;
                readonly views: number;
              })[];
          };
        };
      };
    };
  };
  /** Performance of one item */
  getProductsByItemId: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description selects money; the store's currency where absent
         * @example USD
         */
        currency?: string;
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
      };
      path: {
        /**
         * @description the id of an item, as events name it
         * @example sku-1
         */
        item_id: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: {
              readonly brand: string | null;
              readonly cart_to_order_rate: number | null;
              readonly carts: number;
              readonly category: string | null;
              readonly category2: string | null;
              readonly category3: string | null;
              readonly category4: string | null;
              readonly category5: string | null;
              readonly item_id: string;
              readonly item_name: string | null;
              readonly orders: number;
              readonly price: number | null;
              readonly refunds: number;
              readonly removes: number;
              readonly revenue: number;
              readonly stock_level: number | null;
              /** @description has at most three decimals */
              readonly units: number;
              readonly variant: string | null;
              readonly view_to_cart_rate: number | null;
              readonly views: number;
            };
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: {
              readonly brand: string | null;
              readonly cart_to_order_rate: number | null;
              readonly carts: number;
              readonly category: string | null;
              readonly category2: string | null;
              readonly category3: string | null;
              readonly category4: string | null;
              readonly category5: string | null;
              readonly item_id: string;
              readonly item_name: string | null;
              readonly orders: number;
              readonly price: number | null;
              readonly refunds: number;
              readonly removes: number;
              readonly revenue: number;
              readonly stock_level: number | null;
              /** @description has at most three decimals */
              readonly units: number;
              readonly variant: string | null;
              readonly view_to_cart_rate: number | null;
              readonly views: number;
            };
          };
        };
      };
    };
  };
  /** Items that were bought in the same orders */
  getProductsByItemIdBoughtTogether: {
    parameters: {
      query?: {
        /**
         * @description date; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date, which is included
         * @example 2026-11-20
         */
        to?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
      };
      path: {
        /**
         * @description the id of an item, as events name it
         * @example sku-1
         */
        item_id: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly ({
                readonly item_id: string;
                readonly item_name: string | null;
                /** @description how many times as often as if they had nothing to do with each other */
                readonly lift: number | null;
                /** @description orders with both */
                readonly orders: number;
                /** @description of the orders with the item that is asked about */
                readonly share: number | null;
              })[];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** The most viewed, carted, ordered or bought items */
  getProductsPopular: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description what the rows are put in order by
         * @example views
         */
        by?: "views" | "carts" | "orders" | "units" | "revenue";
        /**
         * @description only items whose category has this as its level 1
         * @example Kitchen
         */
        category?: string;
        /**
         * @description only items whose category has this as its level 2
         * @example Mugs
         */
        category2?: string;
        /**
         * @description only items whose category has this as its level 3
         * @example Large mugs
         */
        category3?: string;
        /**
         * @description only items whose category has this as its level 4
         * @example Blue
         */
        category4?: string;
        /**
         * @description only items whose category has this as its level 5
         * @example (none)
         */
        category5?: string;
        /**
         * @description only items of this brand; (none): those without one
         * @example Fjell
         */
        brand?: string;
        /**
         * @description selects money; the store's currency where absent
         * @example USD
         */
        currency?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly ({
                readonly item_id: string;
                readonly item_name: string | null;
                readonly rank: number;
                readonly score: number;
              })[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly ({
                readonly item_id: string;
                readonly item_name: string | null;
                readonly rank: number;
                readonly score: number;
              })[];
          };
        };
      };
    };
  };
  /** Items that rise now: this hour against the same hour of the days before */
  getProductsRising: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description what the rows are put in order by
         * @example views
         */
        by?: "views" | "carts" | "orders" | "units";
        /**
         * @description only items whose category has this as its level 1
         * @example Kitchen
         */
        category?: string;
        /**
         * @description only items whose category has this as its level 2
         * @example Mugs
         */
        category2?: string;
        /**
         * @description only items whose category has this as its level 3
         * @example Large mugs
         */
        category3?: string;
        /**
         * @description only items whose category has this as its level 4
         * @example Blue
         */
        category4?: string;
        /**
         * @description only items whose category has this as its level 5
         * @example (none)
         */
        category5?: string;
        /**
         * @description only items of this brand; (none): those without one
         * @example Fjell
         */
        brand?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly ({
                readonly expected: number;
                readonly item_id: string;
                readonly item_name: string | null;
                /** @description has at most three decimals */
                readonly now: number;
                readonly rank: number;
                readonly score: number;
              })[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly ({
                readonly expected: number;
                readonly item_id: string;
                readonly item_name: string | null;
                /** @description has at most three decimals */
                readonly now: number;
                readonly rank: number;
                readonly score: number;
              })[];
          };
        };
      };
    };
  };
  /** Reconciliations, newest first */
  getReconciliations: {
    parameters: {
      query?: {
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description Reconciliations */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly components["schemas"]["Reconciliation"][];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** One reconciliation, and the orders that differ, with why where it can be told */
  getReconciliationsById: {
    parameters: {
      query?: {
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
      path: {
        /**
         * @description the id that the list gives
         * @example ep_1
         */
        id: string;
      };
    };
    responses: {
      /** @description The reconciliation, and a page of its orders */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: components["schemas"]["ReconciledOrders"];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** Revenue, refunds, orders and units by 15 minutes, hour or day */
  getRevenue: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description 15m where absent; day for long or old periods
         * @example hour
         */
        interval?: "15m" | "hour" | "day";
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /**
         * @description selects money; the store's currency where absent
         * @example USD
         */
        currency?: string;
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
        /**
         * @description only this city
         * @example Oslo
         */
        city?: string;
        /**
         * @description only this country
         * @example Norway
         */
        country?: string;
        /**
         * @description only this device
         * @example mobile
         */
        device?: string;
        /**
         * @description only this channel
         * @example Organic Search
         */
        channel?: string;
        /**
         * @description adds the same for each value of the dimension
         * @example city
         */
        breakdown?: "city" | "country" | "device" | "channel";
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: {
              readonly average_order_value: number | null;
              readonly breakdown?: readonly ({
                  readonly average_order_value: number | null;
                  readonly campaign?: string;
                  readonly channel?: string;
                  readonly city?: string;
                  readonly country?: string;
                  readonly customer?: string;
                  readonly device?: string;
                  /** @description as orders say; taken off already */
                  readonly discount: number;
                  readonly net_revenue: number;
                  readonly orders: number;
                  readonly refunds: number;
                  readonly revenue: number;
                  readonly series?: readonly ({
                      readonly average_order_value: number | null;
                      /** @description as orders say; taken off already */
                      readonly discount: number;
                      readonly net_revenue: number;
                      readonly orders: number;
                      /**
                       * @description the point is not over
                       * @enum {boolean}
                       */
                      readonly partial?: true;
                      readonly refunds: number;
                      readonly revenue: number;
                      /** @description as orders say; beside revenue, not in it */
                      readonly shipping: number;
                      readonly start: string;
                      /** @description as orders say */
                      readonly tax: number;
                      /** @description has at most three decimals */
                      readonly units: number;
                    })[];
                  /** @description as orders say; beside revenue, not in it */
                  readonly shipping: number;
                  readonly source?: string;
                  readonly store?: string;
                  /** @description as orders say */
                  readonly tax: number;
                  /** @description has at most three decimals */
                  readonly units: number;
                  [key: string]: unknown;
                })[];
              /** @description those in which the period has orders, the most frequent first */
              readonly currencies: readonly {
                  readonly currency: string;
                  readonly orders: number;
                }[];
              readonly currency: string;
              /** @description those of which a value can be asked for, and a breakdown */
              readonly dimensions: readonly string[];
              /** @description as orders say; taken off already */
              readonly discount: number;
              /** @description those by which the period can be cut, here and elsewhere */
              readonly intervals: readonly ("15m" | "hour" | "day")[];
              readonly net_revenue: number;
              readonly orders: number;
              readonly refunds: number;
              readonly revenue: number;
              readonly series: readonly ({
                  readonly average_order_value: number | null;
                  /** @description as orders say; taken off already */
                  readonly discount: number;
                  readonly net_revenue: number;
                  readonly orders: number;
                  /**
                   * @description the point is not over
                   * @enum {boolean}
                   */
                  readonly partial?: true;
                  readonly refunds: number;
                  readonly revenue: number;
                  /** @description as orders say; beside revenue, not in it */
                  readonly shipping: number;
                  readonly start: string;
                  /** @description as orders say */
                  readonly tax: number;
                  /** @description has at most three decimals */
                  readonly units: number;
                })[];
              /** @description as orders say; beside revenue, not in it */
              readonly shipping: number;
              /** @description as orders say */
              readonly tax: number;
              /** @description has at most three decimals */
              readonly units: number;
            };
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: {
              readonly average_order_value: number | null;
              readonly breakdown?: readonly ({
                  readonly average_order_value: number | null;
                  readonly campaign?: string;
                  readonly channel?: string;
                  readonly city?: string;
                  readonly country?: string;
                  readonly customer?: string;
                  readonly device?: string;
                  /** @description as orders say; taken off already */
                  readonly discount: number;
                  readonly net_revenue: number;
                  readonly orders: number;
                  readonly refunds: number;
                  readonly revenue: number;
                  readonly series?: readonly ({
                      readonly average_order_value: number | null;
                      /** @description as orders say; taken off already */
                      readonly discount: number;
                      readonly net_revenue: number;
                      readonly orders: number;
                      /**
                       * @description the point is not over
                       * @enum {boolean}
                       */
                      readonly partial?: true;
                      readonly refunds: number;
                      readonly revenue: number;
                      /** @description as orders say; beside revenue, not in it */
                      readonly shipping: number;
                      readonly start: string;
                      /** @description as orders say */
                      readonly tax: number;
                      /** @description has at most three decimals */
                      readonly units: number;
                    })[];
                  /** @description as orders say; beside revenue, not in it */
                  readonly shipping: number;
                  readonly source?: string;
                  readonly store?: string;
                  /** @description as orders say */
                  readonly tax: number;
                  /** @description has at most three decimals */
                  readonly units: number;
                  [key: string]: unknown;
                })[];
              /** @description those in which the period has orders, the most frequent first */
              readonly currencies: readonly {
                  readonly currency: string;
                  readonly orders: number;
                }[];
              readonly currency: string;
              /** @description those of which a value can be asked for, and a breakdown */
              readonly dimensions: readonly string[];
              /** @description as orders say; taken off already */
              readonly discount: number;
              /** @description those by which the period can be cut, here and elsewhere */
              readonly intervals: readonly ("15m" | "hour" | "day")[];
              readonly net_revenue: number;
              readonly orders: number;
              readonly refunds: number;
              readonly revenue: number;
              readonly series: readonly ({
                  readonly average_order_value: number | null;
                  /** @description as orders say; taken off already */
                  readonly discount: number;
                  readonly net_revenue: number;
                  readonly orders: number;
                  /**
                   * @description the point is not over
                   * @enum {boolean}
                   */
                  readonly partial?: true;
                  readonly refunds: number;
                  readonly revenue: number;
                  /** @description as orders say; beside revenue, not in it */
                  readonly shipping: number;
                  readonly start: string;
                  /** @description as orders say */
                  readonly tax: number;
                  /** @description has at most three decimals */
                  readonly units: number;
                })[];
              /** @description as orders say; beside revenue, not in it */
              readonly shipping: number;
              /** @description as orders say */
              readonly tax: number;
              /** @description has at most three decimals */
              readonly units: number;
            };
          };
        };
      };
    };
  };
  /** Search terms by count, by searches without results, or by clicks that followed */
  getSearches: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description what the rows are put in order by
         * @example count
         */
        by?: "count" | "no_results" | "clicks";
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
        /**
         * @description only this city
         * @example Oslo
         */
        city?: string;
        /**
         * @description only this country
         * @example Norway
         */
        country?: string;
        /**
         * @description only this device
         * @example mobile
         */
        device?: string;
        /**
         * @description only this channel
         * @example Organic Search
         */
        channel?: string;
        /**
         * @description adds the same for each value of the dimension
         * @example city
         */
        breakdown?: "city" | "country" | "device" | "channel";
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly ({
                readonly breakdown?: readonly ({
                    readonly campaign?: string;
                    readonly channel?: string;
                    readonly city?: string;
                    readonly click_through_rate: number | null;
                    readonly clicks: number;
                    readonly count: number;
                    readonly country?: string;
                    readonly customer?: string;
                    readonly device?: string;
                    readonly no_results: number;
                    readonly source?: string;
                    readonly store?: string;
                    [key: string]: unknown;
                  })[];
                readonly click_through_rate: number | null;
                readonly clicks: number;
                readonly count: number;
                readonly no_results: number;
                readonly search_term: string;
              })[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly ({
                readonly breakdown?: readonly ({
                    readonly campaign?: string;
                    readonly channel?: string;
                    readonly city?: string;
                    readonly click_through_rate: number | null;
                    readonly clicks: number;
                    readonly count: number;
                    readonly country?: string;
                    readonly customer?: string;
                    readonly device?: string;
                    readonly no_results: number;
                    readonly source?: string;
                    readonly store?: string;
                    [key: string]: unknown;
                  })[];
                readonly click_through_rate: number | null;
                readonly clicks: number;
                readonly count: number;
                readonly no_results: number;
                readonly search_term: string;
              })[];
          };
        };
      };
    };
  };
  /** Sessions: how many, how long, how far they came, and whose they were */
  getSessions: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description the name of a funnel: shop, quick, or one of FUNNELS
         * @example shop
         */
        funnel?: string;
        /**
         * @description adds a series
         * @example hour
         */
        interval?: "hour" | "day";
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /**
         * @description adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over
         * @example previous
         */
        compare?: "previous" | "yesterday" | "week" | "year";
        /**
         * @description only this city
         * @example Oslo
         */
        city?: string;
        /**
         * @description only this country
         * @example Norway
         */
        country?: string;
        /**
         * @description only this device
         * @example mobile
         */
        device?: string;
        /**
         * @description only this channel
         * @example Organic Search
         */
        channel?: string;
        /**
         * @description adds the same for each value of the dimension
         * @example city
         */
        breakdown?: "city" | "country" | "device" | "channel";
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: {
              readonly average_session_seconds: number | null;
              readonly bounce_rate: number | null;
              readonly breakdown?: readonly ({
                  readonly average_session_seconds: number | null;
                  readonly bounce_rate: number | null;
                  readonly by_stage: readonly {
                      readonly ended_here: number;
                      readonly reached: number;
                      readonly stage: string;
                    }[];
                  readonly campaign?: string;
                  readonly channel?: string;
                  readonly city?: string;
                  readonly country?: string;
                  readonly customer?: string;
                  readonly device?: string;
                  readonly events_per_session: number | null;
                  readonly new_users: number;
                  readonly purchasing_sessions: number;
                  readonly returning_users: number;
                  readonly session_conversion_rate: number | null;
                  readonly sessions: number;
                  readonly source?: string;
                  readonly store?: string;
                  [key: string]: unknown;
                })[];
              readonly by_stage: readonly {
                  readonly ended_here: number;
                  readonly reached: number;
                  readonly stage: string;
                }[];
              readonly events_per_session: number | null;
              readonly new_users: number;
              readonly purchasing_sessions: number;
              readonly returning_users: number;
              readonly series?: readonly ({
                  readonly average_session_seconds: number | null;
                  readonly bounce_rate: number | null;
                  readonly by_stage: readonly {
                      readonly ended_here: number;
                      readonly reached: number;
                      readonly stage: string;
                    }[];
                  readonly events_per_session: number | null;
                  readonly new_users: number;
                  /**
                   * @description the point is not over
                   * @enum {boolean}
                   */
                  readonly partial?: true;
                  readonly purchasing_sessions: number;
                  readonly returning_users: number;
                  readonly session_conversion_rate: number | null;
                  readonly sessions: number;
                  readonly start: string;
                })[];
              readonly session_conversion_rate: number | null;
              readonly sessions: number;
            };
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: {
              readonly average_session_seconds: number | null;
              readonly bounce_rate: number | null;
              readonly breakdown?: readonly ({
                  readonly average_session_seconds: number | null;
                  readonly bounce_rate: number | null;
                  readonly by_stage: readonly {
                      readonly ended_here: number;
                      readonly reached: number;
                      readonly stage: string;
                    }[];
                  readonly campaign?: string;
                  readonly channel?: string;
                  readonly city?: string;
                  readonly country?: string;
                  readonly customer?: string;
                  readonly device?: string;
                  readonly events_per_session: number | null;
                  readonly new_users: number;
                  readonly purchasing_sessions: number;
                  readonly returning_users: number;
                  readonly session_conversion_rate: number | null;
                  readonly sessions: number;
                  readonly source?: string;
                  readonly store?: string;
                  [key: string]: unknown;
                })[];
              readonly by_stage: readonly {
                  readonly ended_here: number;
                  readonly reached: number;
                  readonly stage: string;
                }[];
              readonly events_per_session: number | null;
              readonly new_users: number;
              readonly purchasing_sessions: number;
              readonly returning_users: number;
              readonly series?: readonly ({
                  readonly average_session_seconds: number | null;
                  readonly bounce_rate: number | null;
                  readonly by_stage: readonly {
                      readonly ended_here: number;
                      readonly reached: number;
                      readonly stage: string;
                    }[];
                  readonly events_per_session: number | null;
                  readonly new_users: number;
                  /**
                   * @description the point is not over
                   * @enum {boolean}
                   */
                  readonly partial?: true;
                  readonly purchasing_sessions: number;
                  readonly returning_users: number;
                  readonly session_conversion_rate: number | null;
                  readonly sessions: number;
                  readonly start: string;
                })[];
              readonly session_conversion_rate: number | null;
              readonly sessions: number;
            };
          };
        };
      };
    };
  };
  /** All that is kept of a user, to be handed to them */
  getUsersByUserIdExport: {
    parameters: {
      path: {
        /**
         * @description the id of a user, as events name it
         * @example u1
         */
        user_id: string;
      };
    };
    responses: {
      /** @description What an erasure would take; empty where nothing is kept */
      200: {
        headers: {
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: components["schemas"]["UserExport"];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** The newest interactions of a user */
  getUsersByUserIdInteractions: {
    parameters: {
      query?: {
        /**
         * @description date, or date-time on a whole local hour; today where absent
         * @example 2026-11-01
         */
        from?: string;
        /**
         * @description date (included) or date-time (excluded)
         * @example 2026-11-30
         */
        to?: string;
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
      path: {
        /**
         * @description the id of a user, as events name it
         * @example u1
         */
        user_id: string;
      };
    };
    responses: {
      /** @description The answer */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly {
                readonly event_id: string;
                readonly item_id?: string;
                readonly name: string;
                readonly timestamp: string;
              }[];
            readonly meta: components["schemas"]["Meta"];
            readonly previous?: readonly {
                readonly event_id: string;
                readonly item_id?: string;
                readonly name: string;
                readonly timestamp: string;
              }[];
          };
        };
      };
    };
  };
  /** Views of the page that the shop has kept, by name */
  getViews: {
    parameters: {
      query?: {
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description Views */
      200: {
        headers: {
          /** @description keep it, and ask each time whether it still stands */
          readonly "Cache-Control"?: string;
          /** @description names what the answer says, apart from its moments; for `If-None-Match` */
          readonly ETag?: string;
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly components["schemas"]["SavedView"][];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** Endpoints, without their secrets (admin) */
  getWebhooks: {
    parameters: {
      query?: {
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description Endpoints */
      200: {
        headers: {
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly ({
                readonly cities?: readonly string[];
                readonly disabled_at?: string;
                /**
                 * @default [
                 *   "cart.abandoned",
                 *   "cart.recovered"
                 * ]
                 */
                readonly events?: readonly ("cart.abandoned" | "cart.recovered")[];
                readonly id: string;
                /** @description in the currency of the cart */
                readonly min_value?: number;
                readonly stages?: readonly ("cart" | "checkout")[];
                readonly url: string;
              })[];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
  /** Deliveries that were given up, newest first (admin) */
  getWebhooksDeliveries: {
    parameters: {
      query?: {
        /**
         * @description at most this many rows
         * @example 10
         */
        limit?: number;
        /** @description `meta.next_cursor` of the page before */
        cursor?: string;
      };
    };
    responses: {
      /** @description Deliveries */
      200: {
        headers: {
          /** @description the id of the request: that of its header where it is well-formed, else a new one */
          readonly "X-Request-Id"?: string;
        };
        content: {
          readonly "application/json": {
            readonly data: readonly {
                readonly attempts: number;
                readonly cart_id: string;
                readonly endpoint_id: string;
                readonly event_id: string;
                readonly failed_at: string;
                readonly id: string;
                readonly reason: string;
                readonly type: string;
              }[];
            readonly meta: components["schemas"]["Meta"];
          };
        };
      };
    };
  };
}
