import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { DomainError } from '../kernel/errors.js';
import { DeclaresFeed, type Feed } from './feeds.types.js';

/** The feeds the modules declare, collected at boot. */
@Injectable()
export class FeedRegistry implements OnModuleInit {
  private readonly feeds = new Map<string, Feed>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws Error when two feeds bear one code: the boot stops */
  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders({ metadataKey: DeclaresFeed.KEY })) {
      const feed = instance as Feed;
      if (this.feeds.has(feed.code)) throw new Error(`feed ${feed.code} is declared twice`);
      this.feeds.set(feed.code, feed);
    }
  }

  all(): Feed[] {
    return [...this.feeds.values()];
  }

  find(code: string): Feed | undefined {
    return this.feeds.get(code);
  }

  /** @throws DomainError feed_unknown */
  byCode(code: string): Feed {
    const feed = this.find(code);
    if (!feed) throw new DomainError('feed_unknown', { param: 'feed', params: { feed: code, known: [...this.feeds.keys()].sort().join('、') } });
    return feed;
  }
}
