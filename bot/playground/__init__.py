"""The playground: one small, strict Slack that lives on this machine.

It has two guests. Without tokens, `make run` opens it as a page in the browser, so that anyone can try the product
in a minute. The journey tests use the same Slack over real HTTP and real sockets. The Bolt app cannot tell the
difference; nothing that our listeners do is written here a second time.

What lives here, from the bottom up:

* `people` the cast and their channels; `workspace` what a workspace holds: messages, views, files; `manifest` what
  our app has asked for, and `manifest_check` what Slack would say against it; `workflows` the steps it offers;
* `shapes`, `elements`, `newer_blocks`, `block_kit`, `checks`, `refusals` what Slack would not take, in Slack's words;
* `handles` trigger ids and response URLs, which do not live long; `calls` what the app has called; `rate_limits`;
* `ground` the state that everything stands on: clock, ids, one lock, waiting for something to happen;
* `posting` and `viewing` messages and views appear, change and go;
* `methods` the Web API, one file for each family; `web_api` the door in front of it; `replies` the response URLs;
* `payloads`, `delivery`, `socket_mode` how commands, events and clicks reach the app, and come again;
* `controls`, `typing_in`, `sight`, `acting`, `obeying`, `administering` what people see and do, and what follows;
* `local_slack` everything wired together, `server` its HTTP face; `screen`, `page_api` and `page/` the page;
* `memory` yesterday's messages, kept over a restart; `serving` a uvicorn in a thread, for tests.

Start reading at `local_slack`. This package may import Starlette, uvicorn and the standard library, and nothing else
of ours.
"""
