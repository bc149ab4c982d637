/** One numbered use case, in our own words. A test shows it when its title begins with the id: `SCOMO-F1-A1: …`. */
export interface UseCase {
  /** Never used for another use case. */
  readonly id: string;
  readonly title: string;
  /** How it is shown, where that is not plain from the title. */
  readonly remark?: string;
  /** Why the whole of it needs real hardware, and which part is shown without. */
  readonly hardware?: { readonly why: string; readonly without: string };
}
