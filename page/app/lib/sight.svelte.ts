/** Whether the answer is in sight: where it is not, its line stands beside the steps. */

class Sight {
  answer: boolean = $state(true);

  /** Watches the element that says the answer. */
  readonly watch = (element: HTMLElement): (() => void) => {
    const observer = new IntersectionObserver((entries) => {
      this.answer = entries.at(-1)?.isIntersecting ?? true;
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      this.answer = true;
    };
  };
}

export const sight: Sight = new Sight();
