declare const unit: unique symbol;
/** A length of time in milliseconds; made by `milliseconds` or `seconds` so that no one guesses the unit. */
export type Duration = number & { readonly [unit]: 'milliseconds' };

export function milliseconds(count: number): Duration {
  return count as Duration;
}

export function seconds(count: number): Duration {
  return (count * 1000) as Duration;
}
