import type { Client, Implementation } from '#base/contract.ts';
import { METRICS } from '#domain/metrics/metric.ts';
import type { Platform } from '#platform/platform.ts';
import type { idsMultimedia } from '#servers/ids-multimedia/contract.ts';
import { followBoard } from './board-feed.ts';
import type { idsView } from './contract.ts';
import type { FigureReader } from './figures.ts';
import type { News } from './news.ts';
import { METRIC_VERSIONS } from './rules/figure-rows.ts';

export function implementIdsView(parts: {
  readonly multimedia: Client<typeof idsMultimedia>;
  readonly figures: FigureReader;
  readonly news: News;
  readonly platform: Platform;
}): Implementation<typeof idsView> {
  const { multimedia, figures } = parts;
  return {
    methods: {
      board: () => figures.board(),
      figures: async (request, { signal }) => ({
        ...(await figures.figures(request, signal)),
        versions: [...METRIC_VERSIONS],
      }),
      figuresCsv: (request, { signal }) => figures.csv(request, signal),
      contactHistory: (request, { signal }) => multimedia.call.contactHistory(request, { signal }),
      workItemHistory: (request, { signal }) =>
        multimedia.call.workItemHistory(request, { signal }),
      metrics: async () => ({ metrics: [...METRICS] }),
    },
    streams: {
      async *board(_request, { signal }) {
        for await (const event of followBoard(parts, signal)) yield { event, cursor: undefined };
      },
    },
  };
}
