import { LabIcon } from '@jupyterlab/ui-components';

/**
 * A tag with a spark: labels that teach.
 */
export const labelingIcon = new LabIcon({
  name: 'jupyterlab_al:labeling',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 24 24">
  <path class="jp-icon3 jp-icon-selectable" fill="#616161" d="M3 5.5A2.5 2.5 0 0 1 5.500 3h6.100c.66 0 1.300.26 1.770.730l7.900 7.900a2.500 2.500 0 0 1 0 3.540l-6.100 6.100a2.500 2.500 0 0 1-3.540 0l-7.900-7.900A2.500 2.500 0 0 1 3 11.600zm2 0v6.100c0 .13.050.26.150.350l7.900 7.900c.19.200.51.200.700 0l6.100-6.100c.200-.19.200-.51 0-.700l-7.900-7.900A.5.5 0 0 0 11.600 5H5.500a.5.5 0 0 0-.5.5z"/>
  <path class="jp-icon3 jp-icon-selectable" fill="#616161" d="M8.800 6.600l.75 1.700 1.700.75-1.700.75-.75 1.700-.75-1.700-1.700-.75 1.700-.75z"/>
</svg>`
});
