// The merchant portal's server-rendered pages.
import htmx from "htmx.org";

// The pages' content-security policy allows neither eval nor inline styles.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
window.htmx = htmx;
