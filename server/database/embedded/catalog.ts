import { randomUUID } from 'node:crypto';
import { decodePlain, encodeDoc, decodeDoc } from './bson-codec.ts';
import type { Doc } from './bson-values.ts';
import { seal, unseal } from './seal.ts';
import { afterPrefix } from './store.ts';
import type { Store } from './store.ts';

export interface IndexInfo {
  /** Its number within the collection; 0 is `_id`, whose entries are the documents themselves. */
  readonly id: number;
  readonly name: string;
  readonly key: readonly (readonly [field: string, direction: 1 | -1])[];
  readonly isUnique: boolean;
  readonly isSparse: boolean;
  readonly isHidden: boolean;
  readonly partialFilter: Doc | null;
  expireAfterSeconds: number | null;
  /** True once any document had an array at one of its fields: then one document has many entries. */
  isMultikey: boolean;
}

export interface CollectionInfo {
  readonly id: number;
  readonly database: string;
  readonly name: string;
  readonly uuid: string;
  readonly indexes: IndexInfo[];
  nextIndexId: number;
}

const CATALOG_PREFIX = Buffer.from([0, 0, 0, 0, 0x63]);
export const FIRST_COLLECTION_ID = 16;

function catalogKey(database: string, name: string): Buffer {
  return Buffer.concat([CATALOG_PREFIX, Buffer.from(`${database}\0${name}`)]);
}

function encodeInfo(info: CollectionInfo): Buffer {
  const indexes = info.indexes.map(({ key, partialFilter, ...rest }) => ({
    ...rest,
    key: key.map(([field, direction]) => ({ field, direction })),
    partialFilter: partialFilter ? encodeDoc(partialFilter) : null,
  }));
  return encodeDoc({ ...info, indexes });
}

interface StoredIndex extends Omit<IndexInfo, 'key' | 'partialFilter'> {
  readonly key: readonly { readonly field: string; readonly direction: 1 | -1 }[];
  readonly partialFilter: { readonly buffer: Uint8Array } | null;
}

function decodeInfo(bytes: Buffer): CollectionInfo {
  const stored = decodePlain(bytes) as unknown as Omit<CollectionInfo, 'indexes'> & { indexes: StoredIndex[] };
  const indexes = stored.indexes.map((index) => ({
    ...index,
    key: index.key.map(({ field, direction }) => [field, direction] as const),
    partialFilter: index.partialFilter ? decodeDoc(index.partialFilter.buffer) : null,
  }));
  return { ...stored, indexes };
}

/** What collections there are and their indexes: kept in memory, written with the data. */
export class Catalog {
  private readonly collections = new Map<string, CollectionInfo>();
  private nextId = FIRST_COLLECTION_ID;

  constructor(store: Store) {
    for (const { key, value } of store.entries(CATALOG_PREFIX, afterPrefix(CATALOG_PREFIX))) {
      const info = decodeInfo(unseal(key, value));
      this.collections.set(`${info.database}.${info.name}`, info);
      this.nextId = Math.max(this.nextId, info.id + 1);
    }
  }

  find(database: string, name: string): CollectionInfo | undefined {
    return this.collections.get(`${database}.${name}`);
  }

  all(): Iterable<CollectionInfo> {
    return this.collections.values();
  }

  inDatabase(database: string): CollectionInfo[] {
    return [...this.collections.values()].filter((info) => info.database === database);
  }

  create(store: Store, database: string, name: string): CollectionInfo {
    const info: CollectionInfo = {
      id: this.nextId++,
      database,
      name,
      uuid: randomUUID(),
      indexes: [
        {
          id: 0,
          name: '_id_',
          key: [['_id', 1]],
          isUnique: true,
          isSparse: false,
          isHidden: false,
          partialFilter: null,
          expireAfterSeconds: null,
          isMultikey: false,
        },
      ],
      nextIndexId: 1,
    };
    this.collections.set(`${database}.${name}`, info);
    this.save(store, info);
    return info;
  }

  save(store: Store, info: CollectionInfo): void {
    const key = catalogKey(info.database, info.name);
    store.put(key, seal(key, encodeInfo(info)));
  }

  remove(store: Store, info: CollectionInfo): void {
    this.collections.delete(`${info.database}.${info.name}`);
    store.remove(catalogKey(info.database, info.name));
  }
}
