import schema from '../schema/plugin.json';
import '../style/notebook.css';
import { labelingInNotebooks } from '../lib/notebook';

// The same keys as in JupyterLab.
export default labelingInNotebooks(schema['jupyter.lab.shortcuts']);
