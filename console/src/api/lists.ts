/** A list of our own API: it knows the way onward, not how long it is. */
export interface Listed<T> {
  items: T[];
  next: string | null;
}

export interface Asked {
  cursor: string | null;
  limit: number;
}
