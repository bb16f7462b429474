// Types of the API's answers, made from its OpenAPI document by openapi-typescript.
// Make them anew with: npm run api-types

export interface paths {
  "/v1/abandonment": {
    /** How carts ended, by the time in which they opened */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          /** @description only this city */
          city?: string;
          /** @description selects money; the store's currency where absent */
          currency?: string;
          /** @description adds a series */
          interval?: "hour" | "day";
          breakdown?: "city";
          /** @description at most this many rows */
          limit?: number;
          /** @description adds `previous`: the same for the period before */
          compare?: "previous";
        };
      };
      responses: {
        /** @description The answer */
        200: {
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
                    readonly carts: number;
                    readonly city: string;
                    readonly emptied: number;
                    readonly lost_value: number;
                    readonly open: number;
                    readonly purchased: number;
                    readonly recovered: number;
                    readonly recovered_value: number;
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
                    readonly carts: number;
                    readonly city: string;
                    readonly emptied: number;
                    readonly lost_value: number;
                    readonly open: number;
                    readonly purchased: number;
                    readonly recovered: number;
                    readonly recovered_value: number;
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
  };
  "/v1/abandonment/carts": {
    /** Carts that opened in the period, one by one: open, abandoned, or recovered */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          status?: "open" | "abandoned" | "recovered";
          /** @description only this city */
          city?: string;
          /** @description at most this many rows */
          limit?: number;
          /** @description `meta.next_cursor` of the page before */
          cursor?: string;
        };
      };
      responses: {
        /** @description The answer */
        200: {
          content: {
            readonly "application/json": {
              readonly data: readonly ({
                  readonly abandoned_at: string;
                  readonly cart_id: string;
                  readonly city: string;
                  readonly currency: string;
                  readonly items: readonly {
                      readonly item_id: string;
                      readonly price: number;
                      readonly quantity: number;
                    }[];
                  readonly last_activity_at: string;
                  readonly opened_at: string;
                  readonly recovered_at: string;
                  /** @enum {string} */
                  readonly stage: "cart" | "checkout";
                  readonly user_id: string;
                  readonly value: number;
                })[];
              readonly meta: components["schemas"]["Meta"];
              readonly previous?: readonly ({
                  readonly abandoned_at: string;
                  readonly cart_id: string;
                  readonly city: string;
                  readonly currency: string;
                  readonly items: readonly {
                      readonly item_id: string;
                      readonly price: number;
                      readonly quantity: number;
                    }[];
                  readonly last_activity_at: string;
                  readonly opened_at: string;
                  readonly recovered_at: string;
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
  };
  "/v1/abandonment/items": {
    /** What lay in carts when they were abandoned */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          by?: "carts" | "units" | "value";
          /** @description selects money; the store's currency where absent */
          currency?: string;
          /** @description at most this many rows */
          limit?: number;
          /** @description adds `previous`: the same for the period before */
          compare?: "previous";
        };
      };
      responses: {
        /** @description The answer */
        200: {
          content: {
            readonly "application/json": {
              readonly data: readonly ({
                  readonly carts: number;
                  readonly item_id: string;
                  readonly item_name: string | null;
                  readonly rank: number;
                  readonly units: number;
                  readonly value: number;
                })[];
              readonly meta: components["schemas"]["Meta"];
              readonly previous?: readonly ({
                  readonly carts: number;
                  readonly item_id: string;
                  readonly item_name: string | null;
                  readonly rank: number;
                  readonly units: number;
                  readonly value: number;
                })[];
            };
          };
        };
      };
    };
  };
  "/v1/cities": {
    /** Cities ranked by engagement, users, sessions, orders, revenue or conversion */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          rank_by?: "engagement" | "users" | "sessions" | "orders" | "revenue" | "conversion";
          /** @description only this city */
          city?: string;
          /** @description selects money; the store's currency where absent */
          currency?: string;
          /** @description at most this many rows */
          limit?: number;
          /** @description adds `previous`: the same for the period before */
          compare?: "previous";
        };
      };
      responses: {
        /** @description The answer */
        200: {
          content: {
            readonly "application/json": {
              readonly data: readonly ({
                  readonly city: string;
                  readonly conversion_rate: number | null;
                  readonly engagement_score: number;
                  readonly events: number;
                  readonly orders: number;
                  /** @description with compare=previous */
                  readonly previous_rank?: number | null;
                  readonly rank: number;
                  readonly revenue: number;
                  readonly sessions: number;
                  readonly users: number;
                })[];
              readonly meta: components["schemas"]["Meta"];
              readonly previous?: readonly ({
                  readonly city: string;
                  readonly conversion_rate: number | null;
                  readonly engagement_score: number;
                  readonly events: number;
                  readonly orders: number;
                  /** @description with compare=previous */
                  readonly previous_rank?: number | null;
                  readonly rank: number;
                  readonly revenue: number;
                  readonly sessions: number;
                  readonly users: number;
                })[];
            };
          };
        };
      };
    };
  };
  "/v1/dead-letters": {
    /** The last messages that could not be counted, newest first (admin) */
    get: {
      parameters: {
        query?: {
          limit?: number;
        };
      };
      responses: {
        /** @description Messages with reasons */
        200: {
          content: {
            readonly "application/json": {
              readonly data: readonly components["schemas"]["DeadLetter"][];
              readonly meta: {
                readonly approximate: readonly string[];
                readonly as_of: string;
                readonly generated_at: string;
              };
            };
          };
        };
      };
    };
  };
  "/v1/engagement": {
    /** Active users, sessions, their length and bounces */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          /** @description only this city */
          city?: string;
          /** @description adds a series */
          interval?: "hour" | "day";
          /** @description adds `previous`: the same for the period before */
          compare?: "previous";
        };
      };
      responses: {
        /** @description The answer */
        200: {
          content: {
            readonly "application/json": {
              readonly data: {
                readonly active_users: number;
                readonly average_session_seconds: number | null;
                readonly bounce_rate: number | null;
                readonly events: number;
                readonly events_per_session: number | null;
                readonly series?: readonly ({
                    readonly active_users: number;
                    readonly average_session_seconds: number | null;
                    readonly bounce_rate: number | null;
                    readonly events: number;
                    readonly events_per_session: number | null;
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
                readonly events: number;
                readonly events_per_session: number | null;
                readonly series?: readonly ({
                    readonly active_users: number;
                    readonly average_session_seconds: number | null;
                    readonly bounce_rate: number | null;
                    readonly events: number;
                    readonly events_per_session: number | null;
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
  };
  "/v1/events/frequencies": {
    /** How often each event name occurred */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          /** @description only this city */
          city?: string;
          /** @description adds a series */
          interval?: "hour" | "day";
          /** @description adds `previous`: the same for the period before */
          compare?: "previous";
          /** @description at most this many rows */
          limit?: number;
        };
      };
      responses: {
        /** @description The answer */
        200: {
          content: {
            readonly "application/json": {
              readonly data: readonly {
                  readonly count: number;
                  readonly name: string;
                  readonly series?: readonly {
                      readonly count: number;
                      readonly start: string;
                    }[];
                }[];
              readonly meta: components["schemas"]["Meta"];
              readonly previous?: readonly {
                  readonly count: number;
                  readonly name: string;
                  readonly series?: readonly {
                      readonly count: number;
                      readonly start: string;
                    }[];
                }[];
            };
          };
        };
      };
    };
  };
  "/v1/funnel": {
    /** Sessions (closed) or users (open) at each stage of a funnel */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          funnel?: string;
          mode?: "closed" | "open";
          /** @description only this city */
          city?: string;
          /** @description adds a series */
          interval?: "hour" | "day";
          breakdown?: "city";
          /** @description at most this many rows */
          limit?: number;
          /** @description adds `previous`: the same for the period before */
          compare?: "previous";
        };
      };
      responses: {
        /** @description The answer */
        200: {
          content: {
            readonly "application/json": {
              readonly data: {
                /** @description beside the funnel of one city */
                readonly all_cities?: readonly ({
                    readonly count: number;
                    readonly drop_off: number;
                    readonly percent_of_first: number | null;
                    readonly percent_of_previous: number | null;
                    readonly stage: string;
                  })[];
                readonly breakdown?: readonly ({
                    readonly city: string;
                    readonly stages: readonly ({
                        readonly count: number;
                        readonly drop_off: number;
                        readonly percent_of_first: number | null;
                        readonly percent_of_previous: number | null;
                        readonly stage: string;
                      })[];
                  })[];
                readonly funnel: string;
                /** @description all that there are */
                readonly funnels: readonly string[];
                /** @enum {string} */
                readonly mode: "closed" | "open";
                readonly series?: readonly ({
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
                /** @description beside the funnel of one city */
                readonly all_cities?: readonly ({
                    readonly count: number;
                    readonly drop_off: number;
                    readonly percent_of_first: number | null;
                    readonly percent_of_previous: number | null;
                    readonly stage: string;
                  })[];
                readonly breakdown?: readonly ({
                    readonly city: string;
                    readonly stages: readonly ({
                        readonly count: number;
                        readonly drop_off: number;
                        readonly percent_of_first: number | null;
                        readonly percent_of_previous: number | null;
                        readonly stage: string;
                      })[];
                  })[];
                readonly funnel: string;
                /** @description all that there are */
                readonly funnels: readonly string[];
                /** @enum {string} */
                readonly mode: "closed" | "open";
                readonly series?: readonly ({
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
  };
  "/v1/imports": {
    /** Imports, newest first: how they stand, and what came of them */
    get: {
      parameters: {
        query?: {
          limit?: number;
        };
      };
      responses: {
        /** @description Imports */
        200: {
          content: {
            readonly "application/json": {
              readonly data: readonly components["schemas"]["Import"][];
            };
          };
        };
      };
    };
  };
  "/v1/imports/{id}": {
    /** One import: how it stands, and what came of it */
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        /** @description The import */
        200: {
          content: {
            readonly "application/json": {
              readonly data: components["schemas"]["Import"];
            };
          };
        };
      };
    };
  };
  "/v1/inventory": {
    /** Stock levels, how long they last, and what was lost while an item was out of stock */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          /** @description low: at most `threshold` left; out: none */
          status?: "low" | "out";
          threshold?: number;
          /** @description at most this many rows */
          limit?: number;
          /** @description `meta.next_cursor` of the page before */
          cursor?: string;
        };
      };
      responses: {
        /** @description The answer */
        200: {
          content: {
            readonly "application/json": {
              readonly data: readonly ({
                  readonly hours_of_stock_left: number | null;
                  readonly item_id: string;
                  readonly item_name: string | null;
                  readonly lost_sales: number | null;
                  readonly out_of_stock_hours: number | null;
                  readonly stock_level: number;
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
                  readonly units: number;
                  readonly views: number;
                  readonly views_while_out: number | null;
                })[];
            };
          };
        };
      };
    };
  };
  "/v1/inventory/{item_id}/price-impact": {
    /** Each price change of an item with its figures in the 24 whole hours before and after */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          /** @description selects money; the store's currency where absent */
          currency?: string;
          /** @description at most this many rows */
          limit?: number;
        };
        path: {
          item_id: string;
        };
      };
      responses: {
        /** @description The answer */
        200: {
          content: {
            readonly "application/json": {
              readonly data: readonly ({
                  readonly after: {
                    readonly hours: number;
                    readonly orders: number;
                    readonly revenue: number;
                    readonly units: number;
                    readonly views: number;
                  } | null;
                  readonly before: {
                    readonly hours: number;
                    readonly orders: number;
                    readonly revenue: number;
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
                    readonly units: number;
                    readonly views: number;
                  } | null;
                  readonly before: {
                    readonly hours: number;
                    readonly orders: number;
                    readonly revenue: number;
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
  };
  "/v1/inventory/{item_id}/prices": {
    /** The prices that an item had, newest first */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          /** @description selects money; the store's currency where absent */
          currency?: string;
          /** @description at most this many rows */
          limit?: number;
        };
        path: {
          item_id: string;
        };
      };
      responses: {
        /** @description The answer */
        200: {
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
  };
  "/v1/inventory/{item_id}/stock": {
    /** The stock levels that an item had, newest first */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          /** @description at most this many rows */
          limit?: number;
        };
        path: {
          item_id: string;
        };
      };
      responses: {
        /** @description The answer */
        200: {
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
  };
  "/v1/leaderboard": {
    /** How often each action occurred in windows of five seconds, newest first */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          /** @description at most this many windows; the last hour is kept */
          limit?: number;
        };
      };
      responses: {
        /** @description The answer */
        200: {
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
  };
  "/v1/live": {
    /** Server-sent events: one snapshot of the shop a second */
    get: {
      responses: {
        /** @description Events named snapshot; one named unavailable, without data, where none can be read */
        200: {
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
  };
  "/v1/payments": {
    /** Orders and revenue by payment type, and its share of all orders */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          /** @description only this city */
          city?: string;
          /** @description selects money; the store's currency where absent */
          currency?: string;
          /** @description at most this many rows */
          limit?: number;
          /** @description adds `previous`: the same for the period before */
          compare?: "previous";
        };
      };
      responses: {
        /** @description The answer */
        200: {
          content: {
            readonly "application/json": {
              readonly data: readonly ({
                  readonly orders: number;
                  readonly payment_type: string;
                  readonly revenue: number;
                  readonly share: number | null;
                })[];
              readonly meta: components["schemas"]["Meta"];
              readonly previous?: readonly ({
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
  };
  "/v1/pipeline": {
    /** Lag, throughput, freshness, memory, and what was not counted */
    get: {
      responses: {
        /** @description Where counting stands */
        200: {
          content: {
            readonly "application/json": {
              readonly data: components["schemas"]["Pipeline"];
              readonly meta: {
                readonly approximate: readonly string[];
                readonly as_of: string;
                readonly generated_at: string;
              };
            };
          };
        };
      };
    };
  };
  "/v1/products": {
    /** Performance of every item of the period, sorted by any column */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          sort?: "item_id" | "item_name" | "views" | "carts" | "removes" | "orders" | "units" | "revenue" | "refunds" | "view_to_cart_rate" | "cart_to_order_rate" | "stock_level" | "price";
          /** @description desc where absent; asc for id and name */
          order?: "asc" | "desc";
          /** @description selects money; the store's currency where absent */
          currency?: string;
          /** @description at most this many rows */
          limit?: number;
          /** @description `meta.next_cursor` of the page before */
          cursor?: string;
          /** @description adds `previous`: the same for the period before */
          compare?: "previous";
        };
      };
      responses: {
        /** @description The answer */
        200: {
          content: {
            readonly "application/json": {
              readonly data: readonly ({
                  readonly cart_to_order_rate: number | null;
                  readonly carts: number;
                  readonly item_id: string;
                  readonly item_name: string | null;
                  readonly orders: number;
                  readonly price: number | null;
                  readonly refunds: number;
                  readonly removes: number;
                  readonly revenue: number;
                  readonly stock_level: number | null;
                  readonly units: number;
                  readonly view_to_cart_rate: number | null;
                  readonly views: number;
                })[];
              readonly meta: components["schemas"]["Meta"];
              readonly previous?: readonly ({
                  readonly cart_to_order_rate: number | null;
                  readonly carts: number;
                  readonly item_id: string;
                  readonly item_name: string | null;
                  readonly orders: number;
                  readonly price: number | null;
                  readonly refunds: number;
                  readonly removes: number;
                  readonly revenue: number;
                  readonly stock_level: number | null;
                  readonly units: number;
                  readonly view_to_cart_rate: number | null;
                  readonly views: number;
                })[];
            };
          };
        };
      };
    };
  };
  "/v1/products/{item_id}": {
    /** Performance of one item */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          /** @description selects money; the store's currency where absent */
          currency?: string;
          /** @description adds `previous`: the same for the period before */
          compare?: "previous";
        };
        path: {
          item_id: string;
        };
      };
      responses: {
        /** @description The answer */
        200: {
          content: {
            readonly "application/json": {
              readonly data: {
                readonly cart_to_order_rate: number | null;
                readonly carts: number;
                readonly item_id: string;
                readonly item_name: string | null;
                readonly orders: number;
                readonly price: number | null;
                readonly refunds: number;
                readonly removes: number;
                readonly revenue: number;
                readonly stock_level: number | null;
                readonly units: number;
                readonly view_to_cart_rate: number | null;
                readonly views: number;
              };
              readonly meta: components["schemas"]["Meta"];
              readonly previous?: {
                readonly cart_to_order_rate: number | null;
                readonly carts: number;
                readonly item_id: string;
                readonly item_name: string | null;
                readonly orders: number;
                readonly price: number | null;
                readonly refunds: number;
                readonly removes: number;
                readonly revenue: number;
                readonly stock_level: number | null;
                readonly units: number;
                readonly view_to_cart_rate: number | null;
                readonly views: number;
              };
            };
          };
        };
      };
    };
  };
  "/v1/products/popular": {
    /** The most viewed, carted, ordered or bought items */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          by?: "views" | "carts" | "orders" | "units" | "revenue";
          /** @description selects money; the store's currency where absent */
          currency?: string;
          /** @description at most this many rows */
          limit?: number;
          /** @description adds `previous`: the same for the period before */
          compare?: "previous";
        };
      };
      responses: {
        /** @description The answer */
        200: {
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
  };
  "/v1/products/rising": {
    /** Items that rise now: this hour against the same hour of the days before */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          by?: "views" | "carts" | "orders" | "units";
          /** @description at most this many rows */
          limit?: number;
        };
      };
      responses: {
        /** @description The answer */
        200: {
          content: {
            readonly "application/json": {
              readonly data: readonly ({
                  readonly expected: number;
                  readonly item_id: string;
                  readonly item_name: string | null;
                  readonly now: number;
                  readonly rank: number;
                  readonly score: number;
                })[];
              readonly meta: components["schemas"]["Meta"];
              readonly previous?: readonly ({
                  readonly expected: number;
                  readonly item_id: string;
                  readonly item_name: string | null;
                  readonly now: number;
                  readonly rank: number;
                  readonly score: number;
                })[];
            };
          };
        };
      };
    };
  };
  "/v1/revenue": {
    /** Revenue, refunds, orders and units by 15 minutes, hour or day */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          /** @description 15m where absent; day for long or old periods */
          interval?: "15m" | "hour" | "day";
          /** @description only this city */
          city?: string;
          /** @description selects money; the store's currency where absent */
          currency?: string;
          /** @description adds `previous`: the same for the period before */
          compare?: "previous";
        };
      };
      responses: {
        /** @description The answer */
        200: {
          content: {
            readonly "application/json": {
              readonly data: {
                readonly average_order_value: number | null;
                /** @description those in which the period has orders, the most frequent first */
                readonly currencies: readonly {
                    readonly currency: string;
                    readonly orders: number;
                  }[];
                readonly currency: string;
                /** @description those by which the period can be cut, here and elsewhere */
                readonly intervals: readonly ("15m" | "hour" | "day")[];
                readonly net_revenue: number;
                readonly orders: number;
                readonly refunds: number;
                readonly revenue: number;
                readonly series: readonly ({
                    readonly average_order_value: number | null;
                    readonly net_revenue: number;
                    readonly orders: number;
                    readonly refunds: number;
                    readonly revenue: number;
                    readonly start: string;
                    readonly units: number;
                  })[];
                readonly units: number;
              };
              readonly meta: components["schemas"]["Meta"];
              readonly previous?: {
                readonly average_order_value: number | null;
                /** @description those in which the period has orders, the most frequent first */
                readonly currencies: readonly {
                    readonly currency: string;
                    readonly orders: number;
                  }[];
                readonly currency: string;
                /** @description those by which the period can be cut, here and elsewhere */
                readonly intervals: readonly ("15m" | "hour" | "day")[];
                readonly net_revenue: number;
                readonly orders: number;
                readonly refunds: number;
                readonly revenue: number;
                readonly series: readonly ({
                    readonly average_order_value: number | null;
                    readonly net_revenue: number;
                    readonly orders: number;
                    readonly refunds: number;
                    readonly revenue: number;
                    readonly start: string;
                    readonly units: number;
                  })[];
                readonly units: number;
              };
            };
          };
        };
      };
    };
  };
  "/v1/searches": {
    /** Search terms by count, by searches without results, or by clicks that followed */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          by?: "count" | "no_results" | "clicks";
          /** @description at most this many rows */
          limit?: number;
          /** @description adds `previous`: the same for the period before */
          compare?: "previous";
        };
      };
      responses: {
        /** @description The answer */
        200: {
          content: {
            readonly "application/json": {
              readonly data: readonly ({
                  readonly click_through_rate: number | null;
                  readonly clicks: number;
                  readonly count: number;
                  readonly no_results: number;
                  readonly search_term: string;
                })[];
              readonly meta: components["schemas"]["Meta"];
              readonly previous?: readonly ({
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
  };
  "/v1/sessions": {
    /** Sessions: how many, how long, how far they came, and whose they were */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          funnel?: string;
          /** @description only this city */
          city?: string;
          /** @description adds a series */
          interval?: "hour" | "day";
          /** @description adds `previous`: the same for the period before */
          compare?: "previous";
        };
      };
      responses: {
        /** @description The answer */
        200: {
          content: {
            readonly "application/json": {
              readonly data: {
                readonly average_session_seconds: number | null;
                readonly bounce_rate: number | null;
                readonly by_stage: readonly {
                    readonly ended_here: number;
                    readonly reached: number;
                    readonly stage: string;
                  }[];
                readonly events_per_session: number | null;
                readonly new_users: number;
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
                    readonly returning_users: number;
                    readonly sessions: number;
                    readonly start: string;
                  })[];
                readonly sessions: number;
              };
              readonly meta: components["schemas"]["Meta"];
              readonly previous?: {
                readonly average_session_seconds: number | null;
                readonly bounce_rate: number | null;
                readonly by_stage: readonly {
                    readonly ended_here: number;
                    readonly reached: number;
                    readonly stage: string;
                  }[];
                readonly events_per_session: number | null;
                readonly new_users: number;
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
                    readonly returning_users: number;
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
  };
  "/v1/users/{user_id}/interactions": {
    /** The newest interactions of a user */
    get: {
      parameters: {
        query?: {
          /** @description date, or date-time on a whole local hour; today where absent */
          from?: string;
          /** @description date (included) or date-time (excluded) */
          to?: string;
          /** @description at most this many rows */
          limit?: number;
        };
        path: {
          user_id: string;
        };
      };
      responses: {
        /** @description The answer */
        200: {
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
  };
  "/v1/webhooks": {
    /** Endpoints, without their secrets (admin) */
    get: {
      responses: {
        /** @description Endpoints */
        200: {
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
            };
          };
        };
      };
    };
  };
  "/v1/webhooks/deliveries": {
    /** Deliveries that were given up, newest first (admin) */
    get: {
      responses: {
        /** @description Deliveries */
        200: {
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
            };
          };
        };
      };
    };
  };
}

export type webhooks = Record<string, never>;

export interface components {
  schemas: {
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
        readonly import_id: string;
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
      readonly state: "running" | "done" | "failed" | "interrupted";
    };
    readonly Meta: {
      readonly approximate: readonly string[];
      readonly as_of: string;
      readonly from: string;
      readonly generated_at: string;
      /** @description where the period begins before it: days before this date are kept for DAILY_DAYS after they were counted, and 0 may mean gone */
      readonly kept_from?: string;
      readonly next_cursor?: string;
      readonly timezone: string;
      readonly to: string;
      readonly truncated?: readonly string[];
    };
    readonly Pipeline: {
      readonly duplicates: number;
      readonly events: number;
      readonly events_per_second: number;
      readonly freshness_ms: {
        readonly p50: number | null;
        readonly p99: number | null;
      };
      /** @description what was sent that is no event and no fault, such as GA4’s clearing push */
      readonly ignored: number;
      readonly lag_events: number;
      readonly memory: readonly {
          readonly bytes: number;
          readonly family: string;
          readonly keys: number;
        }[];
      /** @description records that the log had forgotten before they were counted */
      readonly missing: number;
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
      /** @description why counting pauses: Redis or the disk under it has no room; null where it has */
      readonly store_full: string | null;
      readonly unknown_refunds: number;
      readonly wrong_partition: number;
    };
    readonly Problem: {
      readonly detail: string;
      readonly errors?: readonly {
          readonly message: string;
          readonly path: string;
        }[];
      readonly status: number;
      readonly title: string;
      readonly type: string;
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

export type operations = Record<string, never>;
